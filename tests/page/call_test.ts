/// <reference lib="dom" />
import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { SDK_DIRECTORY } from "../../sdk/build.ts";
import { startCdn } from "../../dev/cdn/origin.ts";
import type {
  JoinInfo,
  Language,
  Person,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { launchBrowser, newPhone, type Phone } from "../support/browser.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { testedSdk } from "../support/sdk.ts";
import { startMeeting } from "./meeting.ts";
import { PATIENT, PROVIDER, serveVisit, until, visitData } from "./support.ts";

const GUEST: Person = {
  id: "5c6f1f0e-0000-4000-8000-000000000003",
  name: "Marie Essomba",
  role: "guest",
};

/** What a person in a call sees and hears, and what their host was told. */
function perceive(phone: Phone) {
  return phone.page.evaluate(() => {
    const tile = document.querySelector(".tile");
    const video = tile?.querySelector("video");
    const audio = document.querySelector("audio");
    const heard = Reflect.get(globalThis, "heard") as string[];
    return {
      phase: document.body.getAttribute("data-phase"),
      name: tile?.querySelector("bdi")?.textContent ?? null,
      muted: tile?.classList.contains("muted") ?? false,
      seen: tile?.classList.contains("seen") ?? false,
      frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
      playing: audio !== null && !audio.paused && audio.currentTime > 0,
      own: document.getElementById("self")?.hidden === false,
      hearButton: document.getElementById("hear")?.hidden === false,
      host: heard.map((text) => JSON.parse(text)).map(({ event, data }) => `${event}/${data}`),
    };
  });
}

Deno.test({
  name: "two people meet in the page",
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  const meeting = await startMeeting();
  const cdn = await startCdn({ directory: SDK_DIRECTORY });
  const { file, integrity } = await testedSdk();
  const serve = (self: Person, join: JoinInfo, language: Language) =>
    serveVisit((origin) =>
      visitData({
        self,
        join,
        language,
        sdk: { url: `${cdn.url}/${file}`, integrity, timeoutMs: PATIENCE_MS },
        api: { base: `${origin}/visit`, session: "s3cret" },
      }), { connect: meeting.connect });
  const patientJoin = await meeting.attend(PATIENT);
  const patientVisit = serve(PATIENT, patientJoin, "en");
  const providerVisit = serve(PROVIDER, await meeting.attend(PROVIDER), "fr");
  const first = await launchBrowser({
    args: ["--use-fake-device-for-media-stream=device-count=3"],
  });
  const second = await launchBrowser();
  const patient = await newPhone(first);
  const provider = await newPhone(second, {
    width: 1280,
    height: 800,
    locale: "fr-CM",
    touch: false,
  });
  const sees = (
    phone: Phone,
    what: string,
    check: (now: Awaited<ReturnType<typeof perceive>>) => boolean,
  ) => until(what, async () => check(await perceive(phone)));
  try {
    for (const { page } of [patient, provider]) {
      await page.addInitScript(() => {
        const heard: string[] = [];
        const opened: MediaStreamTrack[] = [];
        const channel = { postMessage: (text: string) => heard.push(text) };
        Object.assign(globalThis, { heard, opened, ChimeHandler: channel });
        const media = navigator.mediaDevices;
        const list = media.enumerateDevices.bind(media);
        // Chromium's second fake camera measures depth, which no call can carry.
        media.enumerateDevices = async () => {
          const all = await list();
          const [, depth] = all.filter(({ kind }) => kind === "videoinput");
          return all.filter((one) => one !== depth);
        };
        for (const name of ["getUserMedia", "getDisplayMedia"] as const) {
          const open = media[name].bind(media);
          media[name] = async (constraints) => {
            const stream = await open(constraints);
            opened.push(...stream.getTracks());
            return stream;
          };
        }
      });
    }
    await t.step("each sees the other's moving picture and name, and their own", async () => {
      await patient.page.goto(patientVisit.url);
      await sees(patient, "in the call", ({ phase }) => phase === "in-call");
      await provider.page.goto(providerVisit.url);
      await sees(patient, "the provider", ({ frames, own }) => frames > 5 && own);
      await sees(provider, "the patient", ({ frames, own }) => frames > 5 && own);
      equal((await perceive(patient)).name, PROVIDER.name);
      equal((await perceive(provider)).name, PATIENT.name);
      ok((await perceive(patient)).host.includes("ready/MEETING_INITIALIZED"));
    });
    await t.step("each hears the other", async () => {
      await sees(provider, "sound", ({ playing }) => playing);
      await sees(patient, "sound", ({ playing }) => playing);
    });
    await t.step("the language changes in the call, and the call goes on", async () => {
      const { page } = provider;
      const speak = (language: string) =>
        page.evaluate(
          (tag) =>
            Reflect.get(globalThis, "chimePage").send({ command: "language", language: tag }),
          language,
        );
      const before = await perceive(provider);
      equal(await speak("ar"), true);
      await until(
        "the page in Arabic",
        async () => await page.getAttribute("html", "dir") === "rtl",
      );
      equal(await page.locator("#mic-label").innerText(), clientTexts("ar").mute);
      await sees(
        provider,
        "more of the same picture",
        (now) => now.phase === "in-call" && now.playing && now.frames > before.frames + 5,
      );
      equal((await perceive(provider)).name, PATIENT.name);
      await page.click("#mic");
      equal(await page.locator("#mic-label").innerText(), clientTexts("ar").unmute);
      await page.click("#mic");
      equal(await speak("fr"), true);
      await until(
        "the page in French",
        async () => await page.locator("#mic-label").innerText() === clientTexts("fr").mute,
      );
      deepEqual(provider.errors, []);
    });
    await t.step(
      "somebody whose devices are refused sees at once, and hears after a tap",
      async () => {
        const refusing = await launchBrowser({ permission: "deny" });
        const guestJoin = await meeting.attend(GUEST);
        const guestVisit = serve(GUEST, guestJoin, "en");
        const guest = await newPhone(refusing);
        // Every look of a test counts as a gesture for Chromium, which then plays by itself: the
        // refusal is what browsers give (HTML standard, media elements, "allowed to play").
        await guest.page.addInitScript(() => {
          const heard: string[] = [];
          const channel = { postMessage: (text: string) => heard.push(text) };
          Object.assign(globalThis, { heard, tapped: false, ChimeHandler: channel });
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
        await guest.page.goto(guestVisit.url);
        await sees(guest, "pictures", ({ phase, frames }) => phase === "in-call" && frames > 5);
        await sees(guest, "the button", ({ hearButton, playing }) => hearButton && !playing);
        await guest.page.click("#hear");
        await sees(guest, "sound", ({ playing, hearButton }) => playing && !hearButton);
        // Taken out of the meeting, which goes on: not the same as its end.
        await meeting.remove(guestJoin);
        await sees(guest, "out", ({ phase }) => phase === "ended");
        equal(await guest.page.locator("#card-title").innerText(), clientTexts("en").removed);
        equal(await guest.page.locator("#status").innerText(), clientTexts("en").removed);
        equal(await guest.page.locator("#action").isVisible(), false);
        const { host } = await perceive(guest);
        deepEqual(host.filter((line) => line.startsWith("ended")), ["ended/MEETING_STOPPED"]);
        equal((await perceive(patient)).phase, "in-call");
        await refusing.close();
        await guestVisit.close();
        await until("gone", async () => await patient.page.locator(".tile").count() === 1);
      },
    );
    await t.step(
      "mute and camera reach the other, and an own picture that is off is gone",
      async () => {
        await patient.page.click("#mic");
        await sees(provider, "muted", ({ muted }) => muted);
        await patient.page.click("#camera");
        await sees(provider, "no picture", ({ seen, name }) => !seen && name === PATIENT.name);
        await sees(patient, "no own picture", ({ own }) => !own);
        await patient.page.click("#camera");
        await patient.page.click("#mic");
        await sees(provider, "both back", ({ seen, muted }) => seen && !muted);
      },
    );
    await t.step(
      "saving data sends a smaller picture, and the large one when it is over",
      async () => {
        const width = (fits: (width: number) => boolean) =>
          until("another width", async () => {
            const now = await provider.page.evaluate(() =>
              document.querySelector<HTMLVideoElement>(".tile video")?.videoWidth ?? 0
            );
            return fits(now);
          });
        await width((now) => now === 640);
        for (const pressed of ["true", "false"]) {
          await patient.page.click("#more");
          await patient.page.click("#saver");
          equal(await patient.page.getAttribute("#saver", "aria-pressed"), pressed);
          await patient.page.keyboard.press("Escape");
          await width((now) => pressed === "true" ? now > 0 && now <= 320 : now === 640);
        }
      },
    );
    await t.step("the camera is turned around, and the other one is seen", async () => {
      const cameras = () =>
        patient.page.evaluate(() =>
          (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
            .filter(({ kind }) => kind === "video")
            .map((track) => [track.readyState, track.getSettings().deviceId] as const)
        );
      const before = await cameras();
      await patient.page.click("#more");
      await patient.page.click("#flip");
      await until("another one", async () => (await cameras()).length > before.length);
      const now = await cameras();
      // One at a time: phones cannot open both.
      deepEqual(now.filter(([state]) => state === "live").length, 1);
      notEqual(now.at(-1)?.[1], before.at(-1)?.[1]);
      const { frames } = await perceive(provider);
      await sees(provider, "moving frames", (sight) => sight.seen && sight.frames !== frames);
    });
    await t.step(
      "the same person elsewhere is not the end, and the call can be taken back",
      async () => {
        const other = await newPhone(second);
        await other.page.addInitScript(() => Object.assign(globalThis, { heard: [] }));
        await other.page.goto(patientVisit.url);
        await sees(patient, "elsewhere", ({ phase }) => phase === "joined-elsewhere");
        ok(!(await perceive(patient)).host.some((line) => line.startsWith("ended")));
        patientVisit.status = "open";
        patientVisit.join = patientJoin;
        await patient.page.click("#action");
        await sees(patient, "back", ({ phase }) => phase === "in-call");
        await sees(other, "its turn", ({ phase }) => phase === "joined-elsewhere");
        await other.close();
      },
    );
    await t.step(
      "a message reaches the other, who confirms it, and the answer counts",
      async () => {
        await patient.page.click("#chat-open");
        await patient.page.fill("#chat-text", "J’ai mal ici 😷");
        await patient.page.keyboard.press("Enter");
        await until(
          "confirmed",
          async () => await patient.page.locator("#chat-list [data-state=sent]").count() === 1,
        );
        await patient.page.click("#chat-close");
        equal(await provider.page.locator("#chat-badge").innerText(), "1");
        await provider.page.click("#chat-open");
        equal(await provider.page.locator("#chat-list .text").innerText(), "J’ai mal ici 😷");
        equal(await provider.page.locator("#chat-list .from").innerText(), PATIENT.name);
        await provider.page.click("#chat-close");
      },
    );
    await t.step("what is said stands in writing where the meeting is transcribed", async () => {
      const captions = (phone: Phone) => phone.page.locator("#captions").innerText();
      const say = (text: string, partial: boolean) =>
        meeting.chime.transcribe({ attendee: PATIENT.id, text, partial, resultId: "r1" });
      equal(await provider.page.locator("#captions").isVisible(), false);
      equal(say("J’ai mal", true), 2);
      await until(
        "a beginning",
        async () => await captions(provider) === `${PATIENT.name}: J’ai mal`,
      );
      say("J’ai mal ici <b>😷</b>", false);
      for (const phone of [provider, patient]) {
        await until(
          "the end of it",
          async () => await captions(phone) === `${PATIENT.name}: J’ai mal ici <b>😷</b>`,
        );
      }
      equal(meeting.chime.transcribe({ attendee: "somebody else", text: "no" }), 0);
    });
    await t.step("a shared screen is shown large to the other, until it is stopped", async () => {
      await provider.page.click("#more");
      await provider.page.click("#share");
      await provider.page.waitForSelector("#sharing:not([hidden])");
      await patient.page.waitForSelector(".tile.content.seen");
      const [shared, person] = await patient.page.evaluate(() =>
        [".tile.content", ".tile:not(.content)"].map((tile) =>
          document.querySelector(tile)?.clientHeight ?? 0
        )
      );
      ok((shared ?? 0) > 2 * (person ?? 0), `${shared} ${person}`);
      equal(await provider.page.locator(".tile.content").count(), 0);
      await provider.page.click("#stop-sharing");
      // At once: who has pressed stop must not wonder whether the others still look on.
      equal(await provider.page.locator("#sharing").isVisible(), false);
      await until("no screen", async () => await patient.page.locator(".content").count() === 0);
      // Stopping is no failure. A busy machine may say that pictures pause meanwhile.
      const language = await provider.page.getAttribute("html", "lang") as Language;
      notEqual(
        await provider.page.locator("#notice-text").textContent(),
        clientTexts(language).shareFailed,
      );
    });
    await t.step("leaving lets go of devices and screen, and is said once", async () => {
      await provider.page.click("#more");
      await provider.page.click("#share");
      await patient.page.waitForSelector(".tile.content.seen");
      await provider.page.click("#leave");
      // A provider could also have meant to end it for everybody.
      await provider.page.click("#leave-only");
      await sees(provider, "left", ({ phase, own }) => phase === "left" && !own);
      const devices = () =>
        provider.page.evaluate(() =>
          (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
            .map(({ kind, readyState }) => `${kind} ${readyState}`)
        );
      await until("devices let go", async () => !(await devices()).join().includes("live"));
      // Each was opened once, and by nobody but the SDK.
      deepEqual((await devices()).slice(0, 2), ["audio ended", "video ended"]);
      ok(await provider.page.locator("#sharing").isHidden());
      const { host } = await perceive(provider);
      deepEqual(host.filter((line) => line.startsWith("ended")), ["ended/USER_LEFT"]);
      await sees(patient, "alone", ({ name }) => name === null);
    });
    await t.step("the end of the meeting is an end, said once", async () => {
      await meeting.end();
      await sees(patient, "the end", ({ phase }) => phase === "ended");
      const { host } = await perceive(patient);
      deepEqual(host.filter((line) => line.startsWith("ended")), ["ended/MEETING_STOPPED"]);
      deepEqual([patient.errors, provider.errors], [[], []]);
    });
  } finally {
    await first.close();
    await second.close();
    await patientVisit.close();
    await providerVisit.close();
    await cdn.close();
    await meeting.close();
  }
});
