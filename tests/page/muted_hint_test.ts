/// <reference lib="dom" />
/** The hint to people who speak while they are muted. */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { until } from "../support/patience.ts";
import { enterCall, type Scene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { look, sceneTest } from "./scene_steps.ts";

const HINT = clientTexts("en").mutedSpeaking;

/**
 * A microphone that speaks while `globalThis.speaking` is set: three parts of a tone, one of
 * silence. `globalThis.measured` counts how often the page has read a level, and `tracks` holds each
 * track of the microphone with its copies.
 */
async function addVoice(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(globalThis, { speaking: false, measured: 0, tracks });
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    media.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      if (!constraints?.audio) return stream;
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: 220 });
      const voice = new GainNode(context, { gain: 0 });
      const output = context.createMediaStreamDestination();
      tone.connect(voice).connect(output);
      tone.start();
      let beats = 0;
      setInterval(() => {
        const loud = Reflect.get(globalThis, "speaking") === true && beats++ % 4 < 3;
        voice.gain.value = loud ? 0.3 : 0;
      }, 100);
      stream.getAudioTracks().forEach((track) => stream.removeTrack(track));
      output.stream.getAudioTracks().forEach((track) => {
        stream.addTrack(track);
        tracks.push(track);
      });
      return stream;
    };
    const clone = MediaStreamTrack.prototype.clone;
    MediaStreamTrack.prototype.clone = function () {
      const copy = clone.call(this);
      tracks.push(copy);
      return copy;
    };
    const read = AnalyserNode.prototype.getByteTimeDomainData;
    AnalyserNode.prototype.getByteTimeDomainData = function (samples) {
      Object.assign(globalThis, { measured: Reflect.get(globalThis, "measured") + 1 });
      read.call(this, samples);
    };
  });
}

const speak = ({ page }: Scene, speaking: boolean) =>
  page.evaluate((speaking) => void Object.assign(globalThis, { speaking }), speaking);
const measured = ({ page }: Scene) =>
  page.evaluate(() => Reflect.get(globalThis, "measured") as number);
/** Waits until the page has read so many more levels: ten are one second. */
async function levels(scene: Scene, count: number): Promise<void> {
  const before = await measured(scene);
  await until(`${count} levels`, async () => await measured(scene) - before >= count);
}
const hinted = (scene: Scene) => until("the hint", async () => (await look(scene)).notice === HINT);

sceneTest("speaking while muted", async (step) => {
  const begin = async (scene: Scene) => {
    await enterCall(scene);
    await scene.pull("enter", `a-${PROVIDER.id}`, PROVIDER.id, 200);
    await until("the microphone", async () => (await look(scene)).microphone === "on");
  };
  await step(
    "a muted person who speaks is told so, once, and what is sent stays silent",
    { before: addVoice },
    async (scene) => {
      const { page } = scene;
      await begin(scene);
      await speak(scene, true);
      equal(await measured(scene), 0);
      await page.click("#mic");
      await hinted(scene);
      // The track that the call sends is still silent.
      deepEqual(
        await page.evaluate(() =>
          (Reflect.get(globalThis, "tracks") as MediaStreamTrack[]).map(({ enabled }) => enabled)
        ),
        [false, true],
      );
      await page.click("#mic");
      equal((await look(scene)).notice, "");
      // The copy is released, and the hint does not nag.
      const copies = () =>
        page.evaluate(() =>
          (Reflect.get(globalThis, "tracks") as MediaStreamTrack[]).slice(1)
            .map(({ readyState }) => readyState)
        );
      deepEqual(await copies(), ["ended"]);
      await page.click("#mic");
      await levels(scene, 25);
      equal((await look(scene)).notice, "");
      await page.click("#leave");
      await until("released", async () => (await copies()).join() === "ended,ended");
    },
  );
  await step(
    "a quiet room and the echo of the others cause no hint",
    { before: addVoice },
    async (scene) => {
      await begin(scene);
      await scene.page.click("#mic");
      await levels(scene, 30);
      equal((await look(scene)).notice, "");
      await scene.pull("speak", `a-${PROVIDER.id}`);
      await speak(scene, true);
      await levels(scene, 25);
      equal((await look(scene)).notice, "");
      await scene.pull("speak");
      await hinted(scene);
    },
  );
  await step("a microphone that was off in the lobby is not opened to listen", {
    before: addVoice,
    data: { lobby: true },
  }, async (scene) => {
    const { page } = scene;
    await page.waitForSelector("#try-mic[data-state=on]");
    await page.click("#try-mic");
    await page.waitForSelector("#try-mic[data-state=off]");
    await speak(scene, true);
    await enterCall(scene);
    await until("muted", async () => (await look(scene)).microphone === "off");
    equal(
      await page.evaluate(() =>
        (Reflect.get(globalThis, "tracks") as MediaStreamTrack[])
          .filter(({ readyState }) => readyState === "live").length
      ),
      0,
    );
  });
});
