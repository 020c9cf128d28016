/// <reference lib="dom" />
/** What a call and a lobby do when something gets in the way. */
import { deepEqual, equal } from "node:assert/strict";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { untilPhase } from "../support/browser.ts";
import { fire, hostMessages, sendCommand } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { PUPPET_SDK } from "../support/puppet_sdk.ts";
import { enterCall } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { look, sceneTest, sees, untilFilmed } from "./scene_steps.ts";

const TEXTS = clientTexts("en");

sceneTest("interruptions", async (step) => {
  await step("the camera comes back although the app said twice that it is in the background", {
    data: { lobby: true },
  }, async (scene) => {
    const looking = scene.page.locator("#look");
    const away = async () => {
      await sendCommand(scene.page, { command: "background" });
      await sendCommand(scene.page, { command: "background" });
    };
    await until("the own picture", () => looking.isVisible());
    await away();
    await until("no picture", () => looking.isHidden());
    await sendCommand(scene.page, { command: "foreground" });
    await until("the own picture", () => looking.isVisible());
    await enterCall(scene);
    await untilFilmed(scene);
    await away();
    await sees(scene, "no picture", ({ camera }) => camera === "off");
    await sendCommand(scene.page, { command: "foreground" });
    await untilFilmed(scene);
  });
  await step("a notice stays until its reason is gone", {}, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await untilFilmed(scene);
    await fire(scene.page, "offline");
    await page.click("#mic");
    await sees(scene, "muted", ({ microphone }) => microphone === "off");
    equal((await look(scene)).notice, TEXTS.offline);
    await fire(scene.page, "online");
    await page.click("#camera");
    await page.evaluate(() => Object.assign(globalThis, { puppetTrouble: "NotReadableError" }));
    await page.click("#camera");
    await sees(scene, "a reason", ({ device }) => device === TEXTS.cameraBusy);
    await page.evaluate(() => Object.assign(globalThis, { puppetTrouble: undefined }));
    await page.click("#camera");
    await untilFilmed(scene);
    await sees(scene, "no reason", ({ device }) => device === "");
  });
  await step("messages can be sent while a phone call holds the visit", {}, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await page.evaluate(() => Reflect.get(globalThis, "puppetDevices").hold());
    await untilPhase(page, "on-hold");
    await page.click("#chat-open");
    await page.fill("#chat-text", "One moment, my phone rings");
    await page.keyboard.press("Enter");
    const id = () => page.evaluate(() => Reflect.get(globalThis, "puppet").lastId());
    await until("it is sent to Chime", async () => await id() !== "");
    await scene.pull("say", PROVIDER.id, { ack: await id() });
    await page.waitForSelector("#chat-list [data-state=sent]");
  });
  await step("Join requests a file again that failed while the person was in the lobby", {
    data: { lobby: true },
    sdk: "missing",
    hosted: true,
  }, async (scene) => {
    const { page } = scene;
    let asked = 0;
    let there = false;
    await page.route("**/sdk.js*", (route) => {
      asked++;
      return route.fulfill(
        there
          ? {
            contentType: "text/javascript",
            body: PUPPET_SDK,
            headers: { "access-control-allow-origin": "*" },
          }
          : { status: 404 },
      );
    });
    // The document's own request, and two retries; then the page pauses for five seconds.
    await until("given up", () => asked >= 2);
    there = true;
    await enterCall(scene);
    deepEqual((await hostMessages(page)).filter(({ event }) => event === "error"), []);
  });
});
