/// <reference lib="dom" />
/** Who has switched microphone or camera off is neither heard nor filmed, whatever opens them again. */
import { deepEqual, equal } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { launchBrowser } from "../support/browser.ts";
import { enterCall, openScene, type Scene, type SceneOptions } from "./scenes.ts";
import { until } from "./support.ts";

const TEXTS = clientTexts("en");
// Parts of a browser outlive its close by a moment; nothing of the page under test does.
const LOOSE = { sanitizeOps: false, sanitizeResources: false };

/** Keeps each track that the page opens; with `slow`, prompts wait for the event `answered`. */
const watched = (slow: boolean) => (page: Page) =>
  page.addInitScript((waits) => {
    const opened: MediaStreamTrack[] = [];
    Object.assign(globalThis, { opened, prompts: 0, waits });
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    media.getUserMedia = async (constraints) => {
      Object.assign(globalThis, { prompts: Reflect.get(globalThis, "prompts") + 1 });
      if (Reflect.get(globalThis, "waits")) {
        await new Promise((done) => addEventListener("answered", done, { once: true }));
      }
      const stream = await open(constraints);
      opened.push(...stream.getTracks());
      return stream;
    };
  }, slow);

/** What the page shows, and what could be heard or seen of the person. */
const look = ({ phone: { page } }: Scene) =>
  page.evaluate(() => {
    const state = (id: string) => document.getElementById(id)?.dataset["state"] ?? "";
    const opened = Reflect.get(globalThis, "opened") as MediaStreamTrack[];
    const flowing = (kind: string) =>
      opened.filter((one) => one.kind === kind && one.readyState === "live" && one.enabled).length;
    return {
      phase: document.body.dataset["phase"] ?? "",
      microphone: state("mic"),
      camera: state("camera"),
      heard: flowing("audio"),
      filmed: flowing("video"),
    };
  });
type Look = Awaited<ReturnType<typeof look>>;
const sees = (scene: Scene, what: string, fits: (now: Look) => boolean) =>
  until(what, async () => fits(await look(scene)));
const inCall = (scene: Scene) => sees(scene, "the call", ({ phase }) => phase === "in-call");
const both = (scene: Scene) =>
  sees(scene, "heard and seen", ({ heard, filmed }) => heard === 1 && filmed === 1);
const send = ({ phone: { page } }: Scene, command: string) =>
  page.evaluate((name) => Reflect.get(globalThis, "chimePage").send({ command: name }), command);
const happen = ({ phone: { page } }: Scene, ...events: string[]) =>
  page.evaluate((names) => {
    for (const name of names) {
      dispatchEvent(
        name.startsWith("page")
          ? new PageTransitionEvent(name, { persisted: true })
          : new Event(name),
      );
    }
  }, events);
/** Microphone and camera are off, on the screen and in earnest, in the call. */
async function isOff(scene: Scene): Promise<void> {
  await inCall(scene);
  const off = { phase: "in-call", microphone: "off", camera: "off", heard: 0, filmed: 0 };
  await sees(scene, "both buttons", (now) => now.microphone === "off" && now.camera === "off");
  deepEqual(await look(scene), off);
}
async function switchOff(scene: Scene): Promise<void> {
  const { page } = scene.phone;
  await both(scene);
  await page.click("#mic");
  await page.click("#camera");
  await isOff(scene);
}

Deno.test({ name: "off is off", ...LOOSE }, async (t) => {
  const browser: Browser = await launchBrowser();
  const step = (
    name: string,
    options: SceneOptions & { readonly slow?: boolean },
    play: (scene: Scene) => Promise<void>,
  ) =>
    t.step(name, async () => {
      const scene = await openScene(browser, {
        before: watched(options.slow === true),
        ...options,
      });
      scene.visit.status = "open";
      try {
        await play(scene);
        deepEqual(scene.phone.errors, []);
      } finally {
        await scene.close();
      }
    });
  try {
    await step("after a phone call and a restore", {}, async (scene) => {
      await enterCall(scene);
      await switchOff(scene);
      await scene.phone.page.evaluate(() => Reflect.get(globalThis, "puppetDevices").hold());
      await sees(scene, "the hold", ({ phase }) => phase === "on-hold");
      await scene.phone.page.click("#restore");
      await isOff(scene);
      await scene.phone.page.click("#mic");
      await sees(scene, "unmuted", ({ heard, microphone }) => heard === 1 && microphone === "on");
    });
    await step("when the microphone is granted late", { slow: true }, async (scene) => {
      await until(
        "the prompt",
        () => scene.phone.page.evaluate(() => Reflect.get(globalThis, "prompts") === 1),
      );
      equal(await send(scene, "mute"), true);
      equal(await send(scene, "camera-off"), true);
      await happen(scene, "answered");
      await isOff(scene);
      // By the button, too, which says what a tap does.
      const label = () => scene.phone.page.locator("#mic-label").textContent();
      await scene.phone.page.evaluate(() => Reflect.get(globalThis, "puppetDevices").hold());
      await sees(scene, "the hold", ({ phase }) => phase === "on-hold");
      await scene.phone.page.click("#mic");
      await sees(scene, "heard", ({ heard }) => heard === 1);
      await scene.phone.page.click("#restore");
      await sees(scene, "the prompt", ({ microphone }) => microphone === "busy");
      equal(await label(), TEXTS.mute);
      await scene.phone.page.click("#mic");
      equal(await label(), TEXTS.unmute);
      await happen(scene, "answered");
      await isOff(scene);
    });
    await step("when a host said so before the call", { sdk: "missing" }, async (scene) => {
      const { page } = scene.phone;
      const { PUPPET_SDK } = await import("../support/puppet_sdk.ts");
      await page.route("**/sdk.js*", (route) =>
        route.fulfill({
          contentType: "text/javascript",
          body: PUPPET_SDK,
          headers: { "access-control-allow-origin": "*" },
        }));
      for (const command of ["mute", "camera-off"]) equal(await send(scene, command), true);
      await isOff(scene);
    });
    await step("when the lobby is left, and one leaves and goes back in", {
      data: { lobby: true },
    }, async (scene) => {
      const { page } = scene.phone;
      await both(scene);
      await page.click("#try-mic");
      await page.click("#try-camera");
      await sees(scene, "let go", ({ heard, filmed }) => heard + filmed === 0);
      await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event("devicechange")));
      await enterCall(scene);
      await isOff(scene);
      await page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event("devicechange")));
      equal(await send(scene, "flip-camera"), true);
      await page.click("#leave");
      await sees(scene, "the end", ({ phase }) => phase === "left");
      for (const command of ["background", "foreground"]) await send(scene, command);
      await page.click("#action");
      await isOff(scene);
      equal(await page.evaluate(() => Reflect.get(globalThis, "prompts")), 1);
    });
    await step("when the app comes back to the front", {}, async (scene) => {
      await enterCall(scene);
      await both(scene);
      await send(scene, "background");
      await sees(scene, "dark", ({ filmed, camera }) => filmed === 0 && camera === "off");
      await send(scene, "camera-on");
      await send(scene, "camera-off");
      await send(scene, "foreground");
      await scene.phone.page.click("#mic");
      await isOff(scene);
      // And on is on.
      await send(scene, "camera-on");
      await sees(scene, "seen", ({ filmed }) => filmed === 1);
      await send(scene, "background");
      await sees(scene, "dark", ({ filmed }) => filmed === 0);
      await send(scene, "foreground");
      await sees(scene, "seen", ({ filmed }) => filmed === 1);
    });
    await step("nobody is filmed in a call that begins in the background", {
      data: { lobby: true },
    }, async (scene) => {
      await both(scene);
      await send(scene, "background");
      await sees(scene, "dark", ({ filmed }) => filmed === 0);
      await enterCall(scene);
      equal((await look(scene)).filmed, 0);
      await send(scene, "foreground");
      await sees(scene, "seen", ({ filmed, camera }) => filmed === 1 && camera === "on");
    });
    await step("after a step back in the browser", {}, async (scene) => {
      await enterCall(scene);
      await switchOff(scene);
      await happen(scene, "pagehide", "pageshow");
      await until("a new place", () => scene.visit.calls.includes("POST /visit/join"));
      await isOff(scene);
    });
    await step("after a reload", {
      data: { lobby: true },
    }, async (scene) => {
      const { page } = scene.phone;
      await enterCall(scene);
      await switchOff(scene);
      await page.reload();
      await until("the lobby", () => page.locator("#join").isVisible());
      equal(await page.getAttribute("#try-mic", "aria-pressed"), "false");
      await enterCall(scene);
      await isOff(scene);
      equal(await page.evaluate(() => Reflect.get(globalThis, "prompts")), 0);
    });
    await step("after a broken call that goes on through the waiting room", {
      data: { lobby: true },
    }, async (scene) => {
      const { page } = scene.phone;
      await enterCall(scene);
      await switchOff(scene);
      await scene.pull("stop", "AudioDisconnected");
      await sees(scene, "a failure", ({ phase }) => phase === "failed");
      scene.visit.status = "waiting";
      await happen(scene, "online");
      await sees(scene, "the waiting room", ({ phase }) => phase === "waiting");
      equal(await page.getAttribute("#try-mic", "aria-pressed"), "false");
      equal(await page.getAttribute("#try-camera", "aria-pressed"), "false");
      scene.visit.status = "open";
      await isOff(scene);
    });
  } finally {
    await browser.close();
  }
});
