/// <reference lib="dom" />
/** The lobby, and the way from it into a real call. */
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { PlainCommandName } from "../../client/bridge/chime-page.d.ts";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { launchBrowser, untilInPage, untilPhase } from "../support/browser.ts";
import { startMeeting } from "../support/meeting.ts";
import { fire, sendCommand } from "../support/page_host.ts";
import { tracksOf } from "../support/page_tracks.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { serveSdk } from "../support/sdk.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import { openLobby } from "./lobby_page.ts";

const isVisible = (page: Page, selector: string, wanted: boolean) =>
  until(
    `${selector} visible: ${wanted}`,
    async () => await page.locator(selector).isVisible() === wanted,
  );

looseTest("from the lobby into the call", async (t) => {
  const meeting = await startMeeting();
  const { cdn, sdk } = await serveSdk();
  const browser = await launchBrowser();
  const joined = () =>
    meeting.chime.meetings()[0]?.attendees.filter((one) => one.joined)
      .map((one) => one.externalUserId) ?? [];
  const provider = await openLobby(browser, sdk, meeting, PROVIDER);
  const { page } = provider;
  try {
    await t.step(
      "the person sees themselves and the cost of data",
      async () => {
        await untilPhase(page, "lobby");
        await untilInPage(page, () => {
          const look = document.getElementById("look") as HTMLVideoElement;
          return look.videoWidth > 0 && !look.hidden;
        });
        await until("a level", async () => Number(await page.getAttribute("#level", "value")) > 0);
        deepEqual(await page.locator("#use option").allInnerTexts(), [
          "Video and sound · 260 MB/h",
          "Use less data · 130 MB/h",
          "Sound only · 40 MB/h",
        ]);
      },
    );
    await t.step(
      "More offers the language and the colours, and nothing else",
      async () => {
        const back = () => sendCommand(page, { command: "back" });
        equal(await back(), false);
        await page.click("#more");
        const offered = () =>
          page.locator("#more-sheet .row:visible").evaluateAll((rows) =>
            rows.map((row) => row.id || row.querySelector("select")?.id)
          );
        deepEqual(await offered(), ["theme", "language"]);
        await page.selectOption("#language", "fr");
        await until(
          "French",
          async () => await page.locator("#join").textContent() === clientTexts("fr").joinNow,
        );
        await page.selectOption("#language", "en");
        await until(
          "English",
          async () => await page.locator("#join").textContent() === clientTexts("en").joinNow,
        );
        equal(await back(), true);
        await isVisible(page, "#more-sheet", false);
        await untilPhase(page, "lobby");
      },
    );
    await t.step("the lobby obeys a host's commands", async () => {
      const send = (command: PlainCommandName) => sendCommand(page, { command });
      equal(await send("camera-off"), true);
      await isVisible(page, "#look", false);
      deepEqual((await tracksOf(page)).at(-1), "video ended");
      equal(await page.getAttribute("#try-camera", "aria-pressed"), "false");
      equal(await send("camera-on"), true);
      await isVisible(page, "#look", true);
      equal(await send("background"), true);
      await isVisible(page, "#look", false);
      equal(await send("foreground"), true);
      await isVisible(page, "#look", true);
      equal(await send("mute"), true);
      equal(await page.getAttribute("#try-mic", "aria-pressed"), "false");
      equal(await send("unmute"), true);
      // Before the call the camera is chosen from a list, and cannot be flipped.
      equal(await send("flip-camera"), false);
      await until(
        "both",
        async () => (await tracksOf(page)).filter((one) => one.endsWith("live")).length === 2,
      );
    });
    await t.step("on a phone the cameras are named by the side they face", async () => {
      await page.evaluate(() => {
        const camera = { kind: "videoinput", deviceId: "x", label: "camera2 1, facing front" };
        navigator.mediaDevices.enumerateDevices = () =>
          Promise.resolve([camera, { ...camera, deviceId: "y" }] as MediaDeviceInfo[]);
        const real = MediaStreamTrack.prototype.getSettings;
        MediaStreamTrack.prototype.getSettings = function () {
          return { ...real.call(this), ...(this.kind === "video" ? { facingMode: "user" } : {}) };
        };
        document.getElementById("try-camera")?.click();
        document.getElementById("try-camera")?.click();
      });
      await until(
        "both sides",
        async () =>
          (await page.locator("#cameras option").allInnerTexts()).join() ===
            "Front camera,Back camera",
      );
      await page.selectOption("#cameras", "environment");
      await isVisible(page, "#look", true);
    });
    await t.step("signalling is connected before Join, and media is not", async () => {
      await until("the WebSocket", () => provider.sockets.length === 1);
      deepEqual(joined(), []);
      deepEqual(meeting.chime.events().map(({ detail }) => detail.eventType).slice(-1), [
        "chime:AttendeeAdded",
      ]);
    });
    await t.step("the provider sees in the lobby that the patient is waiting", async () => {
      provider.visit.present = [PATIENT.id];
      await until(
        "who is waiting",
        async () =>
          /Jean-Baptiste Essomba is waiting/.test(await page.locator("#who-waits").innerText()),
      );
    });
    await t.step(
      "Join takes the open connection and devices into the call",
      async () => {
        await page.click("#join");
        await untilPhase(page, "in-call");
        await until("the audio connection", () => joined().includes(PROVIDER.id));
        equal(provider.sockets.length, 1);
        await isVisible(page, "#self", true);
        deepEqual((await tracksOf(page)).filter((one) => one.endsWith("live")), [
          "audio live",
          "video live",
        ]);
        equal(await page.locator("#lobby").isVisible(), false);
      },
    );
    await t.step("a provider who is alone in the call sees who is waiting", async () => {
      await until("who is waiting", async () =>
        /Jean-Baptiste Essomba is waiting/.test(
          await page.locator("#card-title").innerText(),
        ));
    });
    await t.step(
      "a track that the system mutes puts the visit on hold until it is unmuted",
      async () => {
        const systemMutes = (muted: boolean) =>
          page.evaluate((value) => {
            const track = (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
              .filter(({ kind, readyState }) => kind === "audio" && readyState === "live").pop();
            Object.defineProperty(track, "muted", { value, configurable: true });
            track?.dispatchEvent(new Event(value ? "mute" : "unmute"));
          }, muted);
        await systemMutes(true);
        await untilPhase(page, "on-hold");
        ok(await page.locator("#restore").isVisible());
        await systemMutes(false);
        await untilPhase(page, "in-call");
        ok(!(await page.locator("#restore").isVisible()));
      },
    );
    await t.step("one tap restores microphone and camera that another app took", async () => {
      await page.evaluate(() => {
        const media = navigator.mediaDevices;
        const open = media.getUserMedia.bind(media);
        const release = () => media.getUserMedia = open;
        media.getUserMedia = () => Promise.reject(new DOMException("", "NotReadableError"));
        Object.assign(globalThis, { release });
        for (const track of Reflect.get(globalThis, "opened") as MediaStreamTrack[]) {
          track.stop();
          track.dispatchEvent(new Event("ended"));
        }
      });
      await untilPhase(page, "on-hold");
      await isVisible(page, "#device-notice", true);
      await page.evaluate(() => Reflect.get(globalThis, "release")());
      await page.click("#restore");
      await untilPhase(page, "in-call");
      await isVisible(page, "#device-notice", false);
      await until(
        "both devices",
        async () =>
          await page.getAttribute("#camera", "data-state") === "on" &&
          await page.getAttribute("#mic", "data-state") === "on",
      );
      deepEqual((await tracksOf(page)).slice(-2), ["audio live", "video live"]);
    });
    await t.step("the page says that the device is offline until it is online", async () => {
      await fire(page, "offline");
      match(await page.locator("#notice-text").innerText(), /offline/);
      await fire(page, "online");
      // On a busy machine, another notice may say that pictures pause.
      doesNotMatch(await page.locator("#notice-text").innerText(), /offline/);
      await untilPhase(page, "in-call");
    });
    await t.step("a patient who is ready joins without a second tap, with audio only", async () => {
      const patient = await openLobby(browser, sdk, meeting, PATIENT, { state: "waiting" });
      const { page: their } = patient;
      await untilPhase(their, "waiting");
      match(
        await their.locator("#card-text").innerText(),
        /You are in the right place\. Dr\. Amina Nkolo/,
      );
      await isVisible(their, "#look", true);
      await their.selectOption("#use", "sound");
      await until(
        "the released camera",
        async () => (await tracksOf(their)).includes("video ended"),
      );
      await their.click("#join");
      match(await their.locator(".waiting").first().innerText(), /You are checked in/);
      patient.visit.status = "open";
      await untilPhase(their, "in-call");
      await until("the tile", async () => await page.locator(".tile").count() === 1);
      equal(await their.getAttribute("#camera", "data-state"), "off");
      deepEqual(await tracksOf(their), ["audio live", "video ended"]);
      deepEqual([patient.phone.errors, provider.phone.errors], [[], []]);
      await patient.close();
    });
  } finally {
    await provider.close();
    await browser.close();
  }
  await t.step(
    "a person who refused the devices is told how to allow them, and can join",
    async () => {
      const refusing = await launchBrowser({ permission: "deny" });
      const guest = await openLobby(refusing, sdk, meeting, PATIENT);
      const { page } = guest;
      await until(
        "the help",
        async () =>
          /Allow the camera and microphone/.test(await page.locator("#lobby-help").innerText()),
      );
      match(await page.locator("#lobby-help").innerText(), /Camera and microphone are blocked/);
      await page.click("#join");
      await untilPhase(page, "in-call");
      await guest.close();
      await refusing.close();
    },
  );
  await cdn.close();
  await meeting.close();
});
