/// <reference lib="dom" />
/** What the page says about devices that are lost, refused, muted or asked for. */
import { deepEqual, equal, match } from "node:assert/strict";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest, newPhone, untilPhase } from "../support/browser.ts";
import { fire, hostMessages } from "../support/page_host.ts";
import { keepTracks, promptsOf } from "../support/page_tracks.ts";
import { until } from "../support/patience.ts";
import { enterCall } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { serveVisit } from "../support/visit_server.ts";
import {
  devicesOn,
  fail,
  help,
  kept,
  lobby,
  systemDoes,
  untilHelp,
  untilState,
} from "./device_steps.ts";
import { sceneTest, sees, untilFilmed } from "./scene_steps.ts";

const TEXTS = clientTexts("en");

sceneTest("the lobby is true about devices", async (step) => {
  await step("an unplugged camera is missing until one is plugged in", {
    ...lobby,
    ...kept,
  }, async (scene) => {
    await devicesOn(scene);
    await fail(scene, "NotFoundError");
    await systemDoes(scene, "ended", "video");
    await untilHelp(scene, TEXTS.noCamera);
    await untilState(scene, "#try-camera", "blocked");
    await untilState(scene, "#try-mic", "on");
    await fail(scene);
    await scene.page.evaluate(() =>
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"))
    );
    await devicesOn(scene);
    await untilHelp(scene, "");
  });
  await step("an unplugged headset is replaced by another microphone", {
    ...lobby,
    ...kept,
  }, async (scene) => {
    await devicesOn(scene);
    await systemDoes(scene, "ended", "audio");
    await until("a second microphone", async () => await promptsOf(scene.page) === 2);
    await devicesOn(scene);
    equal(await help(scene), "");
  });
  await step("revoked permission names both devices, the steps, and what is possible without", {
    ...lobby,
    ...kept,
  }, async (scene) => {
    const { page } = scene;
    await devicesOn(scene);
    await fail(scene, "NotAllowedError");
    await systemDoes(scene, "ended");
    await untilHelp(scene, TEXTS.devicesRefused);
    for (const text of [TEXTS.allowChrome, TEXTS.joinToListen]) await untilHelp(scene, text);
    equal(await page.locator("#lobby-help strong").count(), 1);
    // A tap asks again, and does not make the device look repaired.
    const asked = await promptsOf(page);
    await page.click("#try-camera");
    await until("asked again", async () => await promptsOf(page) > asked);
    await untilState(scene, "#try-camera", "blocked");
    equal(await page.getAttribute("#try-camera", "aria-pressed"), "true");
    await untilHelp(scene, TEXTS.devicesRefused);
    await fail(scene);
    await page.click("#lobby-help .retry");
    await devicesOn(scene);
    await untilHelp(scene, "");
  });
  await step("what the browser mutes is shown as muted by it until it unmutes", {
    ...lobby,
    ...kept,
  }, async (scene) => {
    await devicesOn(scene);
    await systemDoes(scene, "mute");
    await untilHelp(scene, TEXTS.microphoneMuted);
    await untilHelp(scene, TEXTS.cameraMuted);
    await untilState(scene, "#try-mic", "blocked");
    await untilState(scene, "#try-camera", "blocked");
    await systemDoes(scene, "unmute");
    await devicesOn(scene);
    await untilHelp(scene, "");
  });
  await step("an open prompt is explained with the name of the other person", {
    ...lobby,
    before: (page) => keepTracks(page, true),
  }, async (scene) => {
    const { page } = scene;
    await untilHelp(scene, TEXTS.tapAllow.replace("{name}", PROVIDER.name));
    // A spinner instead of a sign that a device is off, as the person has not decided yet.
    equal(
      await page.locator("#lobby-help").evaluate((block) =>
        getComputedStyle(block, "::before").content
      ),
      '""',
    );
    deepEqual(
      await page.locator(".look .when-off").evaluateAll((signs) =>
        signs.map((sign) => getComputedStyle(sign).display)
      ),
      ["none", "none"],
    );
    await fire(page, "answered");
    await devicesOn(scene);
    await untilHelp(scene, "");
  });
});

sceneTest("a call is true about devices", async (step) => {
  await step("without a lobby, one prompt for both devices is explained while the page connects", {
    before: (page) => keepTracks(page, true),
  }, async (scene) => {
    const { page } = scene;
    await page.locator("#card-help", {
      hasText: TEXTS.tapAllow.replace("{name}", PROVIDER.name),
    }).waitFor();
    await fire(page, "answered");
    await untilPhase(page, "in-call");
    await untilState(scene, "#mic", "on");
    await untilState(scene, "#camera", "on");
    equal(await promptsOf(page), 1);
    equal(await page.locator("#card-help").innerText(), "");
  });
  await step("what the browser mutes is shown, the host is told, and it comes back by itself", {
    ...kept,
    hosted: true,
  }, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await untilFilmed(scene);
    await systemDoes(scene, "mute");
    await untilState(scene, "#mic", "blocked");
    await untilState(scene, "#camera", "blocked");
    await sees(scene, "the reason", ({ device }) => device === TEXTS.microphoneMuted);
    const told = async () =>
      (await hostMessages(page)).filter(({ event }) =>
        ["microphone", "camera", "device"].includes(event)
      ).map(({ event, data }) => `${event} ${JSON.stringify(data)}`).slice(-4);
    match((await told()).join(), /microphone {"state":"blocked"}/);
    match((await told()).join(), /camera {"state":"blocked"}/);
    match((await told()).join(), /device {"device":"camera","trouble":"muted"}/);
    await systemDoes(scene, "unmute");
    await untilState(scene, "#mic", "on");
    await untilState(scene, "#camera", "on");
    await sees(scene, "no reason", ({ device }) => device === "");
  });
  await step("an unplugged microphone is replaced, and the person reads by which", {
    async before(page) {
      await keepTracks(page);
      await page.addInitScript(() => {
        const settings = MediaStreamTrack.prototype.getSettings;
        MediaStreamTrack.prototype.getSettings = function () {
          return { ...settings.call(this), deviceId: this.id };
        };
        Object.defineProperty(MediaStreamTrack.prototype, "label", { get: () => "USB microphone" });
      });
    },
  }, async (scene) => {
    await enterCall(scene);
    await untilFilmed(scene);
    await systemDoes(scene, "ended", "audio");
    await scene.pull("unplug");
    const text = TEXTS.nowUsing.replace("{name}", "USB microphone");
    await sees(scene, text, ({ device }) => device === text);
    await untilState(scene, "#mic", "on");
    equal(await scene.page.getAttribute("body", "data-phase"), "in-call");
  });
  await step("a revoked microphone is called blocked, not used by another app", {
    ...kept,
  }, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await untilFilmed(scene);
    await fail(scene, "NotAllowedError");
    await systemDoes(scene, "ended", "audio");
    await scene.pull("unplug");
    await sees(scene, "the reason", ({ device }) => device === TEXTS.microphoneRefused);
    match(await page.locator("#device-help").innerText(), /Permissions/);
    await fail(scene);
    await page.click("#device-help .retry");
    await untilState(scene, "#mic", "on");
    await sees(scene, "no reason", ({ device }) => device === "");
  });
});

browserTest(
  "a frame without `allow` is told that its site must allow the devices",
  async (browser) => {
    const site = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      () =>
        new Response(`<!doctype html><iframe src="${visit.url}" width=360 height=640></iframe>`, {
          headers: { "content-type": "text/html" },
        }),
    );
    const origin = `http://127.0.0.1:${site.addr.port}`;
    const visit = serveVisit({ lobby: true, hostOrigins: [origin] }, { ancestors: origin });
    const phone = await newPhone(browser);
    try {
      await phone.page.goto(origin);
      const shown = phone.page.frameLocator("iframe").locator("#lobby-help");
      await until("the reason", async () => (await shown.innerText()).includes(TEXTS.allowFrame));
      match(await shown.innerText(), /Camera and microphone are blocked/);
    } finally {
      await phone.close();
      await visit.close();
      await site.shutdown();
    }
  },
);
