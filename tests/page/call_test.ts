/// <reference lib="dom" />
/** Two people in a real call: pictures, sound, languages and devices. */
import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import type { Language, Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { launchBrowser, newPhone } from "../support/browser.ts";
import { addHost, sendCommand } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import { callTest, perceive, sees } from "./call_setup.ts";

const GUEST: Person = {
  id: "5c6f1f0e-0000-4000-8000-000000000003",
  name: "Marie Essomba",
  role: "guest",
};

callTest("two people meet in the page", async (t, call) => {
  const { meeting, prepare, patientJoin, second } = call;
  const { page: patient, visit: patientVisit } = call.patient;
  const { phone: providerPhone, page: provider } = call.provider;
  await t.step("each sees the other's name", async () => {
    equal((await perceive(patient)).name, PROVIDER.name);
    equal((await perceive(provider)).name, PATIENT.name);
    ok((await perceive(patient)).host.includes("ready/MEETING_INITIALIZED"));
  });
  await t.step("each hears the other", async () => {
    await sees(provider, "sound", ({ playing }) => playing);
    await sees(patient, "sound", ({ playing }) => playing);
  });
  await t.step("the language changes without disturbing the call", async () => {
    const page = provider;
    const setLanguage = (language: Language) =>
      sendCommand(page, { command: "language", language });
    const before = await perceive(provider);
    equal(await setLanguage("ar"), true);
    await until(
      "the page in Arabic",
      async () => await page.getAttribute("html", "dir") === "rtl",
    );
    equal(await page.locator("#mic-label").innerText(), clientTexts("ar").mute);
    await sees(
      provider,
      "more of the picture",
      (now) => now.phase === "in-call" && now.playing && now.frames > before.frames + 5,
    );
    equal((await perceive(provider)).name, PATIENT.name);
    await page.click("#mic");
    equal(await page.locator("#mic-label").innerText(), clientTexts("ar").unmute);
    await page.click("#mic");
    equal(await setLanguage("fr"), true);
    await until(
      "the page in French",
      async () => await page.locator("#mic-label").innerText() === clientTexts("fr").mute,
    );
    deepEqual(providerPhone.errors, []);
  });
  await t.step(
    "a person whose devices are refused sees at once, and hears after a tap",
    async () => {
      const refusing = await launchBrowser({ permission: "deny" });
      const guestJoin = await meeting.attend(GUEST);
      const { page: guest, visit: guestVisit } = await prepare(refusing, GUEST, guestJoin);
      // For Chromium each evaluation by a test is a gesture, after which it plays by itself: here it
      // refuses as browsers do (HTML standard, media elements, "allowed to play").
      await guest.addInitScript(() => {
        Object.assign(globalThis, { tapped: false });
        addEventListener("click", () => Object.assign(globalThis, { tapped: true }), true);
        const play = HTMLMediaElement.prototype.play;
        HTMLAudioElement.prototype.play = function () {
          if (Reflect.get(globalThis, "tapped") === true) return play.call(this);
          return Promise.reject(new DOMException("", "NotAllowedError"));
        };
        Object.defineProperty(HTMLMediaElement.prototype, "autoplay", { set() {} });
        addEventListener("DOMContentLoaded", () => {
          document.getElementById("audio")?.removeAttribute("autoplay");
        });
      });
      await guest.goto(guestVisit.url);
      await sees(guest, "pictures", ({ phase, frames }) => phase === "in-call" && frames > 5);
      await sees(guest, "the button", ({ hearButton, playing }) => hearButton && !playing);
      await guest.click("#hear");
      await sees(guest, "sound", ({ playing, hearButton }) => playing && !hearButton);
      // Removed from the meeting, which continues.
      await meeting.remove(guestJoin);
      await sees(guest, "the end", ({ phase }) => phase === "ended");
      equal(await guest.locator("#card-title").innerText(), clientTexts("en").removed);
      equal(await guest.locator("#status").innerText(), clientTexts("en").removed);
      equal(await guest.locator("#action").isVisible(), false);
      const { host } = await perceive(guest);
      deepEqual(host.filter((line) => line.startsWith("ended")), ["ended/MEETING_STOPPED"]);
      equal((await perceive(patient)).phase, "in-call");
      await refusing.close();
      await until("one tile", async () => await patient.locator(".tile").count() === 1);
    },
  );
  await t.step(
    "mute and camera off reach the other, and hide the self view",
    async () => {
      await patient.click("#mic");
      await sees(provider, "muted", ({ muted }) => muted);
      await patient.click("#camera");
      await sees(provider, "no picture", ({ seen, name }) => !seen && name === PATIENT.name);
      await sees(patient, "no own picture", ({ own }) => !own);
      await patient.click("#camera");
      await patient.click("#mic");
      await sees(provider, "both back", ({ seen, muted }) => seen && !muted);
    },
  );
  await t.step(
    "saving data sends a smaller picture until it is switched off",
    async () => {
      const width = (fits: (width: number) => boolean) =>
        until("another width", async () => {
          const now = await provider.evaluate(() =>
            document.querySelector<HTMLVideoElement>(".tile video")?.videoWidth ?? 0
          );
          return fits(now);
        });
      await width((now) => now === 640);
      for (const pressed of ["true", "false"]) {
        await patient.click("#more");
        await patient.click("#saver");
        equal(await patient.getAttribute("#saver", "aria-pressed"), pressed);
        await patient.keyboard.press("Escape");
        await width((now) => pressed === "true" ? now > 0 && now <= 320 : now === 640);
      }
    },
  );
  await t.step("the camera is flipped, and the other one is seen", async () => {
    const cameras = () =>
      patient.evaluate(() =>
        (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
          .filter(({ kind }) => kind === "video")
          .map((track) => [track.readyState, track.getSettings().deviceId] as const)
      );
    const before = await cameras();
    await patient.click("#more");
    await patient.click("#flip");
    await until("another one", async () => (await cameras()).length > before.length);
    const now = await cameras();
    // One at a time: phones cannot open both.
    deepEqual(now.filter(([state]) => state === "live").length, 1);
    notEqual(now.at(-1)?.[1], before.at(-1)?.[1]);
    const { frames } = await perceive(provider);
    await sees(provider, "moving frames", (sight) => sight.seen && sight.frames !== frames);
  });
  await t.step(
    "a call that the person joined on another device can be taken back",
    async () => {
      const otherPhone = await newPhone(second);
      const { page: other } = otherPhone;
      await addHost(other);
      await other.goto(patientVisit.url);
      await sees(patient, "elsewhere", ({ phase }) => phase === "joined-elsewhere");
      ok(!(await perceive(patient)).host.some((line) => line.startsWith("ended")));
      patientVisit.status = "open";
      patientVisit.join = patientJoin;
      await patient.click("#action");
      await sees(patient, "back", ({ phase }) => phase === "in-call");
      await sees(other, "the other device", ({ phase }) => phase === "joined-elsewhere");
      await otherPhone.close();
    },
  );
});
