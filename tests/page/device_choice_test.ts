/// <reference lib="dom" />
/** The choice of microphone, camera and speaker in a real call between two browsers. */
import { equal, notEqual, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { keepTracks } from "../support/page_tracks.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { type Side, twoPhones } from "./two_phones.ts";

/** Lists what a person could choose; `gone` holds the ids of devices that were unplugged. */
async function prepare(page: Page): Promise<void> {
  await keepTracks(page);
  await page.addInitScript(() => {
    const gone: string[] = [];
    Object.assign(globalThis, { gone });
    const media = navigator.mediaDevices;
    const list = media.enumerateDevices.bind(media);
    media.enumerateDevices = async () => {
      const all = await list();
      // Chromium's second fake camera measures depth, which no call can carry.
      const [, depth] = all.filter(({ kind }) => kind === "videoinput");
      return all.filter((one) => one !== depth && !gone.includes(one.deviceId));
    };
  });
}

/** Chooses the last entry of a list in the More sheet; returns its device id. */
async function chooseLast(page: Page, list: string): Promise<string> {
  await page.click("#more");
  await page.waitForSelector(`#${list}`);
  const id = await page.locator(`#${list} option`).last().getAttribute("value");
  ok(id);
  await page.selectOption(`#${list}`, id);
  await page.keyboard.press("Escape");
  return id;
}

/** Device ids of the tracks that are sent and, of these, the enabled ones. */
const sent = (page: Page, kind: "audio" | "video") =>
  page.evaluate((kind) =>
    (Reflect.get(globalThis, "peers") as RTCPeerConnection[])
      .flatMap((peer) => peer.getSenders().map(({ track }) => track))
      .filter((track) => track?.kind === kind && track.readyState === "live")
      .map((track) => [track?.getSettings().deviceId, track?.enabled] as const), kind);

const opened = (page: Page, kind: string) =>
  page.evaluate((kind) =>
    (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
      .filter((track) => track.kind === kind && track.readyState === "live")
      .map((track) => track.getSettings().deviceId), kind);

/** Waits until this device, and no other, is open and sent. */
const untilSent = (page: Page, kind: "audio" | "video", id: string, enabled = true) =>
  until(`${kind} of the chosen device`, async () => {
    const [only, ...more] = await sent(page, kind);
    return only?.[0] === id && only[1] === enabled && more.length === 0 &&
      (await opened(page, kind)).join() === id;
  });

/** Waits for so many audio packets; returns the sound in them. */
async function hear(side: Side, packets = 100): Promise<number> {
  const before = await side.counts();
  let now = before;
  await until(
    "audio packets",
    async () => (now = await side.counts()).packetsReceived - before.packetsReceived >= packets,
  );
  return now.totalAudioEnergy - before.totalAudioEnergy;
}

looseTest("microphone, camera and speaker are chosen during the call", async (t) => {
  const { patient, provider, close } = await twoPhones({
    before: prepare,
    args: ["--use-fake-device-for-media-stream=device-count=3"],
  });
  const { page } = patient.phone;
  try {
    await t.step("another microphone is heard, and the first one is released", async () => {
      const [first] = await opened(page, "audio");
      const id = await chooseLast(page, "call-mics");
      notEqual(id, first);
      await untilSent(page, "audio", id);
      ok(await hear(provider) > 0, "the provider hears the new microphone");
    });
    await t.step(
      "a muted person stays muted with another microphone, until they unmute",
      async () => {
        await page.click("#mic");
        await page.click("#more");
        const id = await page.locator("#call-mics option").first().getAttribute("value");
        await page.selectOption("#call-mics", { index: 0 });
        await page.keyboard.press("Escape");
        await untilSent(page, "audio", id ?? "", false);
        equal(await page.getAttribute("#mic", "data-state"), "off");
        await page.click("#mic");
        await untilSent(page, "audio", id ?? "");
        ok(await hear(provider) > 0, "the provider hears them again");
      },
    );
    await t.step("another camera is seen, and the first one is released", async () => {
      const [first] = await opened(page, "video");
      const id = await chooseLast(page, "call-cameras");
      notEqual(id, first);
      await untilSent(page, "video", id);
      const frames = () =>
        provider.phone.page.locator(".tile video").evaluate((video) =>
          (video as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames
        );
      const before = await frames();
      await until("more of the picture", async () => await frames() > before + 5);
    });
    await t.step(
      "a camera that is chosen while it is off is opened with the next tap",
      async () => {
        await page.click("#camera");
        await until("released", async () => (await opened(page, "video")).length === 0);
        await page.click("#more");
        const id = await page.locator("#call-cameras option").first().getAttribute("value");
        await page.selectOption("#call-cameras", { index: 0 });
        await page.keyboard.press("Escape");
        equal((await opened(page, "video")).length, 0);
        await page.click("#camera");
        await untilSent(page, "video", id ?? "");
      },
    );
    await t.step(
      "the call plays on another speaker, and on the first again without it",
      async () => {
        const sink = () =>
          page.evaluate(() => Reflect.get(document.querySelector("audio") ?? {}, "sinkId"));
        const id = await chooseLast(page, "speakers");
        await until("the speaker", async () => await sink() === id);
        await until("playing", async () => (await patient.counts()).playing);
        ok(await hear(patient) > 0);
        await page.evaluate((id) => {
          Reflect.get(globalThis, "gone").push(id);
          navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
        }, id);
        await until("the default speaker", async () => await sink() === "");
        await until("playing", async () => (await patient.counts()).playing);
      },
    );
  } finally {
    await close();
  }
});
