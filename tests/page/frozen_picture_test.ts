/// <reference lib="dom" />
/** A real call in which the decoder of a picture stalls, although its data arrives. */
import { deepEqual, equal, match } from "node:assert/strict";
import type { Page } from "playwright-core";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { addHost, hostEvents } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { twoPhones } from "./two_phones.ts";

/**
 * Lets tests keep frames from the decoder: `stall("now")` for the videos that are received,
 * `stall("all")` also for those that the page subscribes to later, and `stall("none")` for none.
 */
function keepStalling(): void {
  const script = URL.createObjectURL(new Blob(["onrtctransform = () => {}"]));
  const receivers = new Map<RTCRtpReceiver, unknown>();
  const { get, set } = Object.getOwnPropertyDescriptor(
    RTCRtpReceiver.prototype,
    "transform",
  ) as Required<PropertyDescriptor>;
  let always = false;
  const drop = (receiver: RTCRtpReceiver) =>
    set.call(receiver, new RTCRtpScriptTransform(new Worker(script), {}));
  Object.defineProperty(RTCRtpReceiver.prototype, "transform", {
    get,
    set(this: RTCRtpReceiver, transform) {
      if (this.track.kind !== "video") return set.call(this, transform);
      receivers.set(this, transform);
      if (always) drop(this);
      else set.call(this, transform);
    },
  });
  Object.assign(globalThis, {
    stall(which: "now" | "all" | "none") {
      always = which === "all";
      receivers.forEach((transform, receiver) =>
        which === "none" ? set.call(receiver, transform) : drop(receiver)
      );
    },
  });
}

const stall = (page: Page, which: string) =>
  page.evaluate((value) => Reflect.get(globalThis, "stall")(value), which);
const frames = (page: Page) =>
  page.evaluate(() =>
    document.querySelector<HTMLVideoElement>(".tile video")?.getVideoPlaybackQuality()
      .totalVideoFrames ?? 0
  );
const picturesOf = async (page: Page) =>
  (await hostEvents(page)).filter((line) => line.startsWith("picture"));
const stream = (page: Page) =>
  page.evaluate(() => {
    const source = document.querySelector<HTMLVideoElement>(".tile video")?.srcObject;
    return source instanceof MediaStream ? source.id : "";
  });

looseTest("a picture whose decoder stalls is taken anew", async (t) => {
  const { patient, close } = await twoPhones({
    async before(page) {
      await addHost(page);
      await page.addInitScript(keepStalling);
    },
  });
  const { page } = patient.phone;
  const untilItMoves = async () => {
    const before = await frames(page);
    await until("it moves", async () => await frames(page) > before + 10);
  };
  try {
    await t.step("by subscribing again, without a word to anybody", async () => {
      await untilItMoves();
      const before = await stream(page);
      await stall(page, "now");
      await until("another stream", async () => !["", before].includes(await stream(page)));
      await until("frames of it", async () => await frames(page) > 10);
      equal(await page.locator(".tile-state").count(), 0);
      deepEqual(await picturesOf(page), []);
    });
    await t.step("and if that does not help, the tile says that the sound goes on", async () => {
      await stall(page, "all");
      await page.locator(".tile-state").waitFor();
      equal(await page.locator(".tile-state").innerText(), clientTexts("en").pictureStopped);
      match((await picturesOf(page)).at(-1) ?? "", /picture/);
      equal((await patient.counts()).playing, true);
    });
    await t.step("until it moves again", async () => {
      await stall(page, "none");
      await until("no words", async () => await page.locator(".tile-state").count() === 0);
      equal((await picturesOf(page)).length, 2);
    });
    deepEqual(patient.phone.errors, []);
  } finally {
    await close();
  }
});
