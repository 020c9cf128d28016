/// <reference lib="dom" />
/** A real call in which a picture is no longer decoded, although its data arrives. */
import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { addHost, hostEvents } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { twoPhones } from "./two_phones.ts";

/**
 * Lets tests stop the count of decoded frames, as a stalled decoder does: `stall("this")` until
 * another stream is on the tile, `stall("all")` for every stream, and `stall("none")` for none.
 */
function keepStalling(): void {
  const shown = () => document.querySelector<HTMLVideoElement>(".tile video")?.srcObject;
  let isStalled: () => boolean = () => false;
  let count: number | undefined;
  const getStats = RTCPeerConnection.prototype.getStats;
  RTCPeerConnection.prototype.getStats = async function (...values) {
    const entries = [...await getStats.apply(this, values)].map(([id, entry]) => {
      if (entry.type !== "inbound-rtp" || entry.kind !== "video") return [id, entry] as const;
      if (!isStalled()) count = undefined;
      else count ??= entry.framesDecoded;
      return [id, { ...entry, framesDecoded: count ?? entry.framesDecoded }] as const;
    });
    return new Map(entries);
  };
  Object.assign(globalThis, {
    stall(which: "this" | "all" | "none") {
      const stalled = shown();
      isStalled = () => which === "all" || which === "this" && [null, stalled].includes(shown());
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
  const text = clientTexts("en").pictureStopped;
  /** What the tile of the other person says; on a slow machine also that their video is paused. */
  const words = page.locator(".tile .tile-state");
  const untilItMoves = async () => {
    const before = await frames(page);
    await until("it moves", async () => await frames(page) > before + 10);
  };
  try {
    await t.step("by subscribing again, without a word to anybody", async () => {
      await untilItMoves();
      const before = await stream(page);
      await stall(page, "this");
      await until("another stream", async () => !["", before].includes(await stream(page)));
      await until("frames of it", async () => await frames(page) > 10);
      notEqual(await words.innerText(), text);
      deepEqual(await picturesOf(page), []);
    });
    await t.step("and if that does not help, the tile says that the sound goes on", async () => {
      await stall(page, "all");
      await until(text, async () => await words.innerText() === text);
      equal(await words.isVisible(), true);
      match((await picturesOf(page)).at(-1) ?? "", /picture/);
      equal((await patient.counts()).playing, true);
    });
    await t.step("until it moves again", async () => {
      await stall(page, "none");
      await until("no words", async () => await words.innerText() !== text);
      equal((await picturesOf(page)).length, 2);
    });
    deepEqual(patient.phone.errors, []);
  } finally {
    await close();
  }
});
