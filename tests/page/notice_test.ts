/// <reference lib="dom" />
/** One notice at a time, and none outlives or hides its reason. */
import { equal } from "node:assert/strict";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { until } from "../support/patience.ts";
import { enterCall, type Scene } from "../support/scene.ts";
import { look, sceneTest, sees } from "./scene_steps.ts";

const { offline: OFFLINE, pausedForSound: PAUSED } = clientTexts("en");

const reads = (scene: Scene, text: string) =>
  sees(scene, text === "" ? "no notice" : text, ({ notice }) => notice === text);
/** Passes seconds in which only sound gets through, until pictures pause. */
const weak = (scene: Scene) =>
  until(PAUSED, async () => {
    await scene.pull("pass", 1, 600, 9);
    return (await look(scene)).notice === PAUSED;
  });
/** Passes seconds in which everything gets through. */
const strong = (scene: Scene) => scene.pull("pass", 60, 600, 2_000);

sceneTest("the notice", async (step) => {
  await step("says that the device is offline until it is online", {}, async (scene) => {
    await enterCall(scene);
    await scene.company(1);
    await scene.phone.context.setOffline(true);
    await reads(scene, OFFLINE);
    await scene.pull("pass", 20, 600, 9);
    await strong(scene);
    equal((await look(scene)).notice, OFFLINE);
    await scene.phone.context.setOffline(false);
    await reads(scene, "");
  });
  await step(
    "explains once that pictures pause, and again after being offline",
    {},
    async (scene) => {
      await enterCall(scene);
      await scene.company(1);
      await weak(scene);
      await scene.phone.context.setOffline(true);
      await reads(scene, OFFLINE);
      await scene.phone.context.setOffline(false);
      await reads(scene, PAUSED);
      await scene.page.click("#notice-close");
      await scene.pull("pass", 1, 600, 9);
      equal((await look(scene)).notice, "");
      await strong(scene);
      await weak(scene);
      await strong(scene);
      await reads(scene, "");
    },
  );
});
