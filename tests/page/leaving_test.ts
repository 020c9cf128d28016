/// <reference lib="dom" />
/** Leaving, coming back, and the back/forward cache. */
import { deepEqual, equal } from "node:assert/strict";
import { phaseOf, untilPhase } from "../support/browser.ts";
import { fire } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { enterCall } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { look, sceneTest } from "./scene_steps.ts";

sceneTest("leaving and coming back", async (step) => {
  await step("leaving stops sharing the screen", {}, async (scene) => {
    const shared = () => scene.page.evaluate(() => Reflect.get(globalThis, "puppet").shared());
    await enterCall(scene);
    await scene.pull("share");
    equal(await shared(), true);
    await scene.page.click("#leave");
    await untilPhase(scene.page, "left");
    equal(await shared(), false);
  });
  await step("after the call the focus is on the card's title, and the speaker detector stops", {
    hosted: true,
  }, async (scene) => {
    const { page } = scene;
    const listeners = () => page.evaluate(() => Reflect.get(globalThis, "puppet").listeners());
    const focused = (id: string) =>
      until(id, () => page.evaluate((wanted) => document.activeElement?.id === wanted, id));
    await enterCall(scene);
    equal(await listeners(), 1);
    await page.focus("#leave");
    await page.keyboard.press("Enter");
    await focused("card-title");
    equal(await listeners(), 0);
    await page.focus("#action");
    await page.keyboard.press("Enter");
    await untilPhase(page, "in-call");
    equal(await listeners(), 1);
    await scene.pull("stop", "AudioDisconnected");
    await focused("card-title");
    equal(await listeners(), 0);
  });
  await step(
    "a prompt that is answered after the call shows no notice",
    {},
    async (scene) => {
      const { page } = scene;
      await enterCall(scene);
      await page.click("#leave");
      await untilPhase(page, "left");
      await page.evaluate(() => {
        const media = navigator.mediaDevices;
        const open = media.getUserMedia.bind(media);
        const opened: MediaStreamTrack[] = [];
        media.getUserMedia = async (constraints) => {
          await new Promise((done) => addEventListener("answered", done));
          const stream = await open(constraints);
          opened.push(...stream.getTracks());
          return stream;
        };
        Object.assign(globalThis, { opened });
      });
      await page.click("#action");
      await untilPhase(page, "in-call");
      await page.click("#leave");
      await untilPhase(page, "left");
      await fire(scene.page, "answered");
      await until("both tracks released", () =>
        page.evaluate(() => {
          const opened = Reflect.get(globalThis, "opened") as MediaStreamTrack[];
          return opened.length === 2 && opened.every(({ readyState }) => readyState === "ended");
        }));
      equal((await look(scene)).notice, "");
    },
  );
  await step(
    "the back/forward cache does not take a person who left back into the call",
    {},
    async (scene) => {
      await enterCall(scene);
      await scene.page.click("#leave");
      await untilPhase(scene.page, "left");
      await fire(scene.page, "pagehide", "pageshow");
      equal(await phaseOf(scene.page), "left");
      deepEqual(scene.visit.calls, []);
    },
  );
  await step("a camera that is off in the lobby stays off after the back/forward cache", {
    data: { lobby: true },
  }, async (scene) => {
    const { page } = scene;
    await until("the own picture", () => page.locator("#look").isVisible());
    await page.click("#try-camera");
    await fire(scene.page, "pagehide", "pageshow");
    await until("the lobby", () => scene.visit.calls.includes("POST /visit/join"));
    await until(
      "the microphone",
      async () => await page.getAttribute("#try-mic", "data-state") === "on",
    );
    equal(await page.getAttribute("#try-camera", "data-state"), "off");
  });
  await step("a provider who ended the visit for everybody can come back and stay", {
    data: { self: PROVIDER },
  }, async (scene) => {
    const { page } = scene;
    await page.clock.install();
    await enterCall(scene);
    await page.route("**/end", (route) => route.fulfill({ status: 204 }));
    await page.click("#leave");
    await page.click("#leave-all");
    await until("the request to end", () => page.locator("#leave-sheet").isHidden());
    await scene.pull("stop", "MeetingEnded");
    await page.click("#action");
    await untilPhase(page, "in-call");
    await page.clock.fastForward(6_000);
    await page.clock.fastForward(6_000);
    equal(await phaseOf(scene.page), "in-call");
  });
});
