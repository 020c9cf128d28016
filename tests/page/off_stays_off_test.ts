/// <reference lib="dom" />
/** A microphone or camera that was switched off stays off, whatever happens to the page. */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { PlainCommandName } from "../../client/bridge/chime-page.d.ts";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest } from "../support/browser.ts";
import { fire, sendCommand } from "../support/page_host.ts";
import { keepTracks, promptsOf } from "../support/page_tracks.ts";
import { PUPPET_SDK } from "../support/puppet_sdk.ts";
import { enterCall, type Scene, type SceneOptions, withScene } from "../support/scene.ts";
import { until } from "../support/patience.ts";

const TEXTS = clientTexts("en");

/** What the page shows, and how many tracks carry sound or pictures of the person. */
const look = ({ page }: Scene) =>
  page.evaluate(() => {
    const state = (id: string) => document.getElementById(id)?.dataset["state"] ?? "";
    const opened = Reflect.get(globalThis, "opened") as MediaStreamTrack[];
    const live = (kind: string) =>
      opened.filter((one) => one.kind === kind && one.readyState === "live" && one.enabled).length;
    return {
      phase: document.body.dataset["phase"] ?? "",
      microphone: state("mic"),
      camera: state("camera"),
      heard: live("audio"),
      filmed: live("video"),
    };
  });
type Look = Awaited<ReturnType<typeof look>>;
const sees = (scene: Scene, what: string, fits: (now: Look) => boolean) =>
  until(what, async () => fits(await look(scene)));
const inCall = (scene: Scene) => sees(scene, "the call", ({ phase }) => phase === "in-call");
const both = (scene: Scene) =>
  sees(scene, "heard and seen", ({ heard, filmed }) => heard === 1 && filmed === 1);
const send = ({ page }: Scene, command: PlainCommandName) => sendCommand(page, { command });
/** In the call both buttons are off, and no track carries sound or pictures. */
async function isOff(scene: Scene): Promise<void> {
  await inCall(scene);
  const off = { phase: "in-call", microphone: "off", camera: "off", heard: 0, filmed: 0 };
  await sees(scene, "both buttons", (now) => now.microphone === "off" && now.camera === "off");
  deepEqual(await look(scene), off);
}
async function switchOff(scene: Scene): Promise<void> {
  const { page } = scene;
  await both(scene);
  await page.click("#mic");
  await page.click("#camera");
  await isOff(scene);
}

browserTest("microphone and camera that were switched off stay off", async (browser, t) => {
  const step = (
    name: string,
    options: SceneOptions & { readonly slow?: boolean },
    run: (scene: Scene) => Promise<void>,
  ) =>
    t.step(name, () => {
      const before = (page: Page) => keepTracks(page, options.slow);
      return withScene(browser, { before, ...options }, async (scene) => {
        scene.visit.status = "open";
        await run(scene);
      });
    });
  await step("after a phone call and a restore", {}, async (scene) => {
    await enterCall(scene);
    await switchOff(scene);
    await scene.page.evaluate(() => Reflect.get(globalThis, "puppetDevices").hold());
    await sees(scene, "the hold", ({ phase }) => phase === "on-hold");
    await scene.page.click("#restore");
    await isOff(scene);
    await scene.page.click("#mic");
    await sees(scene, "unmuted", ({ heard, microphone }) => heard === 1 && microphone === "on");
  });
  await step("when the microphone is granted late", { slow: true }, async (scene) => {
    await until("the prompt", async () => await promptsOf(scene.page) === 1);
    equal(await send(scene, "mute"), true);
    equal(await send(scene, "camera-off"), true);
    await fire(scene.page, "answered");
    await isOff(scene);
    // By the button, too, whose label says what a tap does.
    const label = () => scene.page.locator("#mic-label").textContent();
    await scene.page.evaluate(() => Reflect.get(globalThis, "puppetDevices").hold());
    await sees(scene, "the hold", ({ phase }) => phase === "on-hold");
    // A new track, because a page cannot unmute one that the system muted.
    await scene.page.click("#mic");
    await sees(scene, "the prompt", ({ microphone }) => microphone === "busy");
    equal(await label(), TEXTS.mute);
    await scene.page.click("#mic");
    equal(await label(), TEXTS.unmute);
    await fire(scene.page, "answered");
    await isOff(scene);
  });
  await step("when a host mutes before the call begins", { sdk: "missing" }, async (scene) => {
    const { page } = scene;
    await page.route("**/sdk.js*", (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: PUPPET_SDK,
        headers: { "access-control-allow-origin": "*" },
      }));
    for (const command of ["mute", "camera-off"] as const) equal(await send(scene, command), true);
    await isOff(scene);
  });
  await step("when a person leaves the lobby, leaves the call and comes back", {
    data: { lobby: true },
  }, async (scene) => {
    const { page } = scene;
    await both(scene);
    await page.click("#try-mic");
    await page.click("#try-camera");
    await sees(scene, "both released", ({ heard, filmed }) => heard + filmed === 0);
    await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event("devicechange")));
    await enterCall(scene);
    await isOff(scene);
    await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event("devicechange")));
    equal(await send(scene, "flip-camera"), true);
    await page.click("#leave");
    await sees(scene, "the end", ({ phase }) => phase === "left");
    for (const command of ["background", "foreground"] as const) await send(scene, command);
    await page.click("#action");
    await isOff(scene);
    equal(await promptsOf(page), 1);
  });
  await step("when the app returns to the foreground", {}, async (scene) => {
    await enterCall(scene);
    await both(scene);
    await send(scene, "background");
    await sees(scene, "no picture", ({ filmed, camera }) => filmed === 0 && camera === "off");
    await send(scene, "camera-on");
    await send(scene, "camera-off");
    await send(scene, "foreground");
    await scene.page.click("#mic");
    await isOff(scene);
    // A camera that is switched on comes back.
    await send(scene, "camera-on");
    await sees(scene, "seen", ({ filmed }) => filmed === 1);
    await send(scene, "background");
    await sees(scene, "no picture", ({ filmed }) => filmed === 0);
    await send(scene, "foreground");
    await sees(scene, "seen", ({ filmed }) => filmed === 1);
  });
  await step("in a call that begins while the app is in the background", {
    data: { lobby: true },
  }, async (scene) => {
    await both(scene);
    await send(scene, "background");
    await sees(scene, "no picture", ({ filmed }) => filmed === 0);
    await enterCall(scene);
    equal((await look(scene)).filmed, 0);
    await send(scene, "foreground");
    await sees(scene, "seen", ({ filmed, camera }) => filmed === 1 && camera === "on");
  });
  await step(
    "after the browser restores the page from its back/forward cache",
    {},
    async (scene) => {
      await enterCall(scene);
      await switchOff(scene);
      await fire(scene.page, "pagehide", "pageshow");
      await until("a new join", () => scene.visit.calls.includes("POST /visit/join"));
      await isOff(scene);
    },
  );
  await step("after a reload", {
    data: { lobby: true },
  }, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await switchOff(scene);
    await page.reload();
    await until("the lobby", () => page.locator("#join").isVisible());
    equal(await page.getAttribute("#try-mic", "aria-pressed"), "false");
    await enterCall(scene);
    await isOff(scene);
    equal(await promptsOf(page), 0);
  });
  await step("after a broken call that continues in the waiting room", {
    data: { lobby: true },
  }, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await switchOff(scene);
    await scene.pull("stop", "AudioDisconnected");
    await sees(scene, "a failure", ({ phase }) => phase === "failed");
    scene.visit.status = "waiting";
    await fire(scene.page, "online");
    await sees(scene, "the waiting room", ({ phase }) => phase === "waiting");
    equal(await page.getAttribute("#try-mic", "aria-pressed"), "false");
    equal(await page.getAttribute("#try-camera", "aria-pressed"), "false");
    scene.visit.status = "open";
    await isOff(scene);
  });
});
