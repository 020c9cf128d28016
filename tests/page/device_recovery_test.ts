/// <reference lib="dom" />
/** Devices that work again without a tap, or with one prompt for both. */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { fire, hostMessages } from "../support/page_host.ts";
import { keepTracks, promptsOf, tracksOf } from "../support/page_tracks.ts";
import { until } from "../support/patience.ts";
import { enterCall, type Scene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { devicesOn, fail, kept, lobby, systemDoes, untilHelp, untilState } from "./device_steps.ts";
import { sceneTest, sees, untilFilmed } from "./scene_steps.ts";

const TEXTS = clientTexts("en");
const BY_SYSTEM = "Permission denied by system";

/** The person is back from another app. */
const comeBack = ({ page }: Scene) =>
  page.evaluate(() => void document.dispatchEvent(new Event("visibilitychange")));
const plug = ({ page }: Scene) =>
  page.evaluate(() => void navigator.mediaDevices.dispatchEvent(new Event("devicechange")));

/** The browser's settings for the page, of which the test fires changes. */
async function keepPermissions(page: Page): Promise<void> {
  await keepTracks(page);
  await page.addInitScript(() => {
    const all: Record<string, EventTarget & { state: string }> = {};
    for (const name of ["microphone", "camera"]) {
      all[name] = Object.assign(new EventTarget(), { state: "granted" });
    }
    navigator.permissions.query = ({ name }) => Promise.resolve(all[name] as PermissionStatus);
    Object.assign(globalThis, {
      permit(state: string) {
        for (const each of Object.values(all)) {
          each.state = state;
          each.dispatchEvent(new Event("change"));
        }
      },
    });
  });
}

/** There is no camera. */
async function keepCameraAway(page: Page): Promise<void> {
  await keepTracks(page);
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    media.getUserMedia = (constraints) =>
      constraints?.video
        ? Promise.reject(new DOMException("", "NotFoundError"))
        : open(constraints);
  });
}

sceneTest("devices of the lobby work again without a tap", async (step) => {
  const both = { ...lobby, ...kept };
  await step("when the app that had them is closed", both, async (scene) => {
    for (const happens of [comeBack, plug]) {
      await devicesOn(scene);
      await fail(scene, "NotReadableError");
      await systemDoes(scene, "ended");
      await untilHelp(scene, TEXTS.cameraBusy);
      await untilHelp(scene, TEXTS.microphoneBusy);
      await fail(scene);
      await happens(scene);
      await devicesOn(scene);
      await untilHelp(scene, "");
    }
  });
  await step("when they are allowed in the browser", {
    ...lobby,
    before: keepPermissions,
  }, async (scene) => {
    await devicesOn(scene);
    await fail(scene, "NotAllowedError");
    await systemDoes(scene, "ended");
    await untilHelp(scene, TEXTS.devicesRefused);
    await fail(scene);
    await scene.page.evaluate(() => Reflect.get(globalThis, "permit")("granted"));
    await devicesOn(scene);
    await untilHelp(scene, "");
  });
  await step("when they are allowed in the settings of the phone, which the page asks for", {
    ...both,
    hosted: true,
  }, async (scene) => {
    await devicesOn(scene);
    await fail(scene, "NotAllowedError", BY_SYSTEM);
    await systemDoes(scene, "ended");
    await untilHelp(scene, TEXTS.devicesRefused);
    await untilHelp(scene, TEXTS.allowSystem);
    equal((await scene.page.locator("#lobby-help").innerText()).includes("address"), false);
    await fail(scene);
    await comeBack(scene);
    await devicesOn(scene);
    await untilHelp(scene, "");
  });
  await step("when they were lost before the lobby's file arrived", {
    ...lobby,
    async before(page) {
      await keepTracks(page);
      const arrived = new Promise<void>((done) => page.exposeFunction("arrive", done));
      await page.route("**/files/lobby-*", async (route) => {
        await arrived;
        await route.continue();
      });
    },
  }, async (scene) => {
    await devicesOn(scene);
    await systemDoes(scene, "ended", "audio");
    await scene.page.evaluate(() => Reflect.get(globalThis, "arrive")());
    await until("a second microphone", async () => await promptsOf(scene.page) === 2);
    await devicesOn(scene);
    deepEqual((await tracksOf(scene.page)).sort(), ["audio ended", "audio live", "video live"]);
  });
});

sceneTest("the help of the lobby", async (step) => {
  await step("does not disappear during an attempt that fails at once", {
    ...lobby,
    ...kept,
  }, async (scene) => {
    const { page } = scene;
    await devicesOn(scene);
    await fail(scene, "NotAllowedError");
    await systemDoes(scene, "ended");
    await untilHelp(scene, TEXTS.devicesRefused);
    await page.evaluate(() => {
      const block = document.getElementById("lobby-help") as HTMLElement;
      const seen: string[] = [];
      new MutationObserver(() => seen.push(block.innerText))
        .observe(block, { childList: true, subtree: true, characterData: true });
      Object.assign(globalThis, { seen });
    });
    const asked = await promptsOf(page);
    await page.click("#lobby-help .retry");
    // Both together, then each alone.
    await until("asked again", async () => await promptsOf(page) === asked + 3);
    await untilState(scene, "#try-mic", "blocked");
    await untilState(scene, "#try-camera", "blocked");
    deepEqual(await page.evaluate(() => Reflect.get(globalThis, "seen")), []);
  });
  await step("goes when a tap opens again what the system had muted", {
    ...lobby,
    ...kept,
  }, async (scene) => {
    const { page } = scene;
    await devicesOn(scene);
    await systemDoes(scene, "mute", "audio");
    await untilHelp(scene, TEXTS.microphoneMuted);
    await page.click("#try-mic");
    await devicesOn(scene);
    await untilHelp(scene, "");
    deepEqual((await tracksOf(page)).sort(), ["audio ended", "audio live", "video live"]);
  });
  await step("is joined by a list of microphones as soon as there is a choice", {
    ...lobby,
    async before(page) {
      await keepTracks(page);
      await page.addInitScript(() => {
        const all: unknown[] = [];
        const add = (deviceId: string) =>
          all.push({ kind: "audioinput", deviceId, label: deviceId });
        add("Built-in");
        navigator.mediaDevices.enumerateDevices = () => Promise.resolve(all as MediaDeviceInfo[]);
        Object.assign(globalThis, { add });
      });
    },
  }, async (scene) => {
    const list = scene.page.locator("#mics");
    await devicesOn(scene);
    await until("one", async () => await list.locator("option").count() === 1);
    equal(await list.isVisible(), false);
    await scene.page.evaluate(() => Reflect.get(globalThis, "add")("Headset"));
    await plug(scene);
    await until("two", async () => await list.locator("option").count() === 2);
    equal(await list.isVisible(), true);
  });
});

sceneTest("a call asks once for both devices", async (step) => {
  /** Waits until both are on, and returns how often the page has asked since. */
  const untilOn = async (scene: Scene, before = 0) => {
    await untilState(scene, "#mic", "on");
    await untilState(scene, "#camera", "on");
    return await promptsOf(scene.page) - before;
  };
  await step("when it starts by itself", kept, async (scene) => {
    await enterCall(scene);
    equal(await untilOn(scene), 1);
  });
  await step("and uses the microphone alone without a camera", {
    before: keepCameraAway,
  }, async (scene) => {
    await enterCall(scene);
    await untilState(scene, "#mic", "on");
    await untilState(scene, "#camera", "blocked");
    await sees(scene, TEXTS.noCamera, ({ device }) => device === TEXTS.noCamera);
  });
  await step("when the person tries again, as the system denied both", {
    ...kept,
    hosted: true,
  }, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await untilFilmed(scene);
    await fail(scene, "NotAllowedError", BY_SYSTEM);
    await systemDoes(scene, "ended");
    await scene.pull("unplug");
    await scene.pull("unplug", "video");
    await sees(scene, "both", ({ device }) => device === TEXTS.devicesRefused);
    equal((await page.locator("#device-help").innerText()).includes(TEXTS.allowSystem), true);
    const told = (await hostMessages(page)).filter(({ event }) => event === "permission");
    deepEqual(told.map(({ data }) => data), [
      { device: "microphone", state: "refused" },
      { device: "camera", state: "refused" },
    ]);
    await fail(scene);
    const before = await promptsOf(page);
    await page.click("#device-help .retry");
    equal(await untilOn(scene, before), 1);
    await sees(scene, "no reason", ({ device }) => device === "");
  });
  await step("when it takes both back after a phone call", kept, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await untilFilmed(scene);
    const before = await promptsOf(page);
    await systemDoes(scene, "mute");
    await untilState(scene, "#mic", "blocked");
    await untilState(scene, "#camera", "blocked");
    await page.click("#restore");
    equal(await untilOn(scene, before), 1);
  });
});

sceneTest("a call knows what happened to the devices", async (step) => {
  await step("when the browser asks for the camera", kept, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await untilFilmed(scene);
    await page.click("#camera");
    await page.evaluate(() => sessionStorage.setItem("slow", ""));
    await page.click("#camera");
    const text = TEXTS.tapAllowCamera.replace("{name}", PROVIDER.name);
    await sees(scene, text, ({ device }) => device === text);
    await fire(page, "answered");
    await untilFilmed(scene);
    await sees(scene, "no prompt", ({ device }) => device === "");
  });
  await step("when the only camera is unplugged", kept, async (scene) => {
    await enterCall(scene);
    await untilFilmed(scene);
    await fail(scene, "NotFoundError");
    await systemDoes(scene, "ended", "video");
    await scene.pull("unplug", "video");
    await sees(scene, TEXTS.noCamera, ({ device }) => device === TEXTS.noCamera);
    await untilState(scene, "#camera", "blocked");
    await untilState(scene, "#mic", "on");
  });
  await step("when they were muted while the page slept, without an event", kept, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await untilFilmed(scene);
    await page.evaluate(() => {
      for (const track of Reflect.get(globalThis, "opened") as MediaStreamTrack[]) {
        Object.defineProperty(track, "muted", { value: true });
      }
    });
    await comeBack(scene);
    await untilState(scene, "#mic", "blocked");
    await untilState(scene, "#camera", "blocked");
  });
});
