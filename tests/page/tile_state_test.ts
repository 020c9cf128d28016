/// <reference lib="dom" />
/** The connection and the paused video of each person, on their tile and on the self view. */
import { deepEqual, equal } from "node:assert/strict";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { sendCommand } from "../support/page_host.ts";
import { enterCall, type Scene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { sceneTest, untilFilmed } from "./scene_steps.ts";

const DOCTOR = `a-${PROVIDER.id}`;
const TEXTS = clientTexts("en");

/** What a tile says about connection and video; null if it says nothing. */
const said = ({ page }: Scene, selector: string) =>
  page.evaluate((selector) => {
    const tile = document.querySelector<HTMLElement>(selector);
    const bars = tile?.querySelector<HTMLElement>(".bars");
    const state = tile?.querySelector<HTMLElement>(".tile-state");
    const visible = (part: HTMLElement | null | undefined) => (part?.offsetParent ?? null) !== null;
    return {
      bars: visible(bars) ? bars?.getAttribute("aria-label") : null,
      state: visible(state) ? state?.innerText : null,
    };
  }, selector);
/** The doctor's page reports its network, and a second passes. */
async function report(scene: Scene, data: Record<string, unknown>): Promise<void> {
  await scene.pull("say", PROVIDER.id, data, "network");
  await scene.pull("pass", 1, 600, 2_000);
}

sceneTest("connection and paused video", async (step) => {
  await step("bars say how good each connection is, once it is known", {}, async (scene) => {
    await enterCall(scene);
    await scene.company(1);
    deepEqual(await said(scene, ".tile"), { bars: null, state: null });
    for (
      const [data, bars] of [
        [{ rung: 2, poor: false, camera: true }, TEXTS.signal3],
        [{ rung: 1, poor: false, reduced: true, camera: true }, TEXTS.signal2],
        [{ rung: 1, poor: true, camera: true }, TEXTS.signal1],
      ] as const
    ) {
      await report(scene, data);
      deepEqual(await said(scene, ".tile"), { bars, state: null });
    }
    equal((await said(scene, "#self")).bars, TEXTS.signal3);
    await scene.pull("pass", 3, 600, 200);
    equal((await said(scene, "#self")).bars, TEXTS.signal1);
  });
  await step("a report that arrives before the person counts too", {}, async (scene) => {
    await enterCall(scene);
    await report(scene, { rung: 0, poor: true, camera: true });
    await scene.pull("enter", DOCTOR, PROVIDER.id, null);
    deepEqual(await said(scene, ".tile"), { bars: TEXTS.signal1, state: TEXTS.videoPaused });
  });
  await step(
    "a video that the other side's network pauses is not a camera that is off",
    { hosted: true },
    async (scene) => {
      await enterCall(scene);
      await scene.company(1);
      await untilFilmed(scene);
      await scene.pull("dark", DOCTOR);
      await report(scene, { rung: 2, poor: false });
      equal((await said(scene, ".tile")).state, null);
      await report(scene, { rung: 0, poor: true, camera: true });
      equal((await said(scene, ".tile")).state, TEXTS.videoPaused);
      // This side pauses too, and says so on the self view, which stays.
      equal((await said(scene, "#self")).state, TEXTS.videoPaused);
      await sendCommand(scene.page, { command: "language", language: "fr" });
      await scene.page.waitForSelector("html[lang=fr]", { state: "attached" });
      equal((await said(scene, ".tile")).state, clientTexts("fr").videoPaused);
      await scene.page.click("#camera");
      await scene.pull("pass", 1, 600, 2_000);
      equal(await scene.page.locator("#self").isVisible(), false);
      await report(scene, { rung: 2, poor: false, camera: true });
      equal((await said(scene, ".tile")).state, null);
    },
  );
  await step("a weak network of this side pauses every video", { group: true }, async (scene) => {
    await enterCall(scene);
    await scene.company(2);
    await untilFilmed(scene);
    await report(scene, { rung: 2, poor: false, camera: true });
    await scene.pull("pass", 20, 600, 9);
    await scene.pull("dark", DOCTOR);
    equal((await said(scene, ".tile")).state, TEXTS.videoPaused);
    equal((await said(scene, "#self")).state, TEXTS.videoPaused);
    // Nobody knows whether the guest's camera is on: their page has not reported.
    equal((await said(scene, ".tile:nth-of-type(2)")).state, null);
    await scene.pull("pass", 30, 600, 2_000);
    equal((await said(scene, ".tile")).state, null);
    deepEqual(await said(scene, "#self"), { bars: TEXTS.signal3, state: null });
  });
});
