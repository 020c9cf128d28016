/// <reference lib="dom" />
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  ChimeSDKMeetingsClient,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteMeetingCommand,
} from "@aws-sdk/client-chime-sdk-meetings";
import { SDK_DIRECTORY } from "../../cdn/build.ts";
import { startCdn } from "../../dev/cdn/origin.ts";
import { startChime } from "../../dev/chime/chime.ts";
import type { JoinInfo, Language, Person } from "../../supabase/functions/chime-page/page/data.ts";
import { launchBrowser, newPhone, type Phone } from "../support/browser.ts";
import { currentSdk, PATIENT, PROVIDER, serveVisit, until, visitData } from "./support.ts";

const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };

const GUEST: Person = {
  id: "5c6f1f0e-0000-4000-8000-000000000003",
  name: "Marie Essomba",
  role: "guest",
};

/** A stand-in for Chime with one meeting in it. */
async function startMeeting() {
  const chime = await startChime({ credentials: [CREDENTIALS] });
  const client = new ChimeSDKMeetingsClient({
    region: "eu-central-1",
    endpoint: chime.url,
    credentials: CREDENTIALS,
  });
  const { Meeting: meeting } = await client.send(
    new CreateMeetingCommand({
      ClientRequestToken: crypto.randomUUID(),
      ExternalMeetingId: crypto.randomUUID(),
      MediaRegion: "eu-central-1",
    }),
  );
  ok(meeting);
  const MeetingId = meeting.MeetingId;
  return {
    connect: [chime.url, chime.url.replace("http", "ws")],
    async attend(person: Person): Promise<JoinInfo> {
      const { Attendee: attendee } = await client.send(
        new CreateAttendeeCommand({ MeetingId, ExternalUserId: person.id }),
      );
      return { meeting, attendee } as JoinInfo;
    },
    end: () => client.send(new DeleteMeetingCommand({ MeetingId })),
    async close() {
      client.destroy();
      await chime.close();
    },
  };
}

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
  const { file, integrity } = currentSdk();
  const serve = (self: Person, join: JoinInfo, language: Language) =>
    serveVisit((origin) =>
      visitData({
        self,
        join,
        language,
        sdk: { url: `${cdn.url}/${file}`, integrity, timeoutMs: 20_000 },
        api: { base: `${origin}/visit`, session: "s3cret" },
      }), { connect: meeting.connect });
  const patientJoin = await meeting.attend(PATIENT);
  const patientVisit = serve(PATIENT, patientJoin, "en");
  const providerVisit = serve(PROVIDER, await meeting.attend(PROVIDER), "fr");
  const first = await launchBrowser();
  const second = await launchBrowser();
  const patient = await newPhone(first);
  const provider = await newPhone(second, { width: 1280, height: 800, locale: "fr-CM" });
  const sees = (
    phone: Phone,
    what: string,
    check: (now: Awaited<ReturnType<typeof perceive>>) => boolean,
  ) => until(what, async () => check(await perceive(phone)), 20_000);
  try {
    for (const { page } of [patient, provider]) {
      await page.addInitScript(() => {
        const heard: string[] = [];
        const channel = { postMessage: (text: string) => heard.push(text) };
        Object.assign(globalThis, { heard, ChimeHandler: channel });
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
    await t.step(
      "somebody whose devices are refused sees at once, and hears after a tap",
      async () => {
        const refusing = await launchBrowser({ permission: "deny" });
        const guestVisit = serve(GUEST, await meeting.attend(GUEST), "en");
        const guest = await newPhone(refusing);
        // Every look of a test counts as a gesture for Chromium, which then plays by itself: the
        // refusal is what browsers give (HTML standard, media elements, "allowed to play").
        await guest.page.addInitScript(() => {
          Object.assign(globalThis, { heard: [], tapped: false });
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
    await t.step("leaving lets go of both devices and is said once", async () => {
      await provider.page.click("#leave");
      await sees(provider, "left", ({ phase, own }) => phase === "left" && !own);
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
