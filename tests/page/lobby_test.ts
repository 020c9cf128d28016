/// <reference lib="dom" />
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Browser } from "playwright-core";
import { SDK_DIRECTORY } from "../../sdk/build.ts";
import { type Cdn, startCdn } from "../../dev/cdn/origin.ts";
import type {
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { launchBrowser, newPhone, type Phone, untilInPage } from "../support/browser.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { testedSdk } from "../support/sdk.ts";
import { startMeeting } from "./meeting.ts";
import { PATIENT, PROVIDER, serveVisit, until, visitData, type VisitServer } from "./support.ts";

type Meeting = Awaited<ReturnType<typeof startMeeting>>;

/** Opens a page of the meeting with a lobby. */
async function open(
  browser: Browser,
  cdn: Cdn,
  meeting: Meeting,
  self: Person,
  changes: Partial<VisitPageData> = {},
) {
  const { file, integrity } = await testedSdk();
  const join = await meeting.attend(self);
  const visit: VisitServer = serveVisit((origin) =>
    visitData({
      self,
      join: changes.state === "waiting" ? null : join,
      lobby: true,
      sdk: { url: `${cdn.url}/${file}`, integrity, timeoutMs: PATIENCE_MS },
      api: { base: `${origin}/visit`, session: "s3cret" },
      ...changes,
    }), { connect: meeting.connect });
  visit.join = join;
  const phone = await newPhone(browser);
  const sockets: string[] = [];
  phone.page.on("websocket", (socket) => sockets.push(socket.url()));
  await phone.page.addInitScript(() => {
    const opened: MediaStreamTrack[] = [];
    Object.assign(globalThis, { opened });
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await real(constraints);
      opened.push(...stream.getTracks());
      return stream;
    };
  });
  await phone.page.goto(visit.url);
  const phase = () => phone.page.getAttribute("body", "data-phase");
  return {
    phone,
    visit,
    sockets,
    is: (wanted: string) => until(wanted, async () => await phase() === wanted),
    close: async () => {
      await phone.close();
      await visit.close();
    },
  };
}
const tracks = (phone: Phone) =>
  phone.page.evaluate(() =>
    (Reflect.get(globalThis, "opened") as MediaStreamTrack[]).map(({ kind, readyState }) =>
      `${kind} ${readyState}`
    )
  );

Deno.test({ name: "before the call", sanitizeOps: false, sanitizeResources: false }, async (t) => {
  const meeting = await startMeeting();
  const cdn = await startCdn({ directory: SDK_DIRECTORY });
  const browser = await launchBrowser();
  const joined = () =>
    meeting.chime.meetings()[0]?.attendees.filter((one) => one.joined)
      .map((one) => one.externalUserId) ?? [];
  const provider = await open(browser, cdn, meeting, PROVIDER);
  try {
    await t.step(
      "the person sees themselves, hears of the costs, and nothing is sent",
      async () => {
        const { page } = provider.phone;
        await provider.is("lobby");
        await untilInPage(page, () => {
          const look = document.getElementById("look") as HTMLVideoElement;
          return look.videoWidth > 0 && !look.hidden;
        });
        await until("a level", async () => Number(await page.getAttribute("#level", "value")) > 0);
        match(await page.locator("#cost-video").innerText(), /about 260 MB an hour/);
        match(await page.locator("#cost-saver").innerText(), /about 130 MB/);
        match(await page.locator("#cost-sound").innerText(), /about 40 MB/);
      },
    );
    await t.step(
      "language and colours are chosen before the call, and nothing else is offered",
      async () => {
        const { page } = provider.phone;
        const back = () =>
          page.evaluate(() => Reflect.get(globalThis, "chimePage").send({ command: "back" }));
        equal(await back(), false);
        await page.click("#more");
        const offered = () =>
          page.locator("#more-sheet .row:visible").evaluateAll((rows) =>
            rows.map((row) => row.id || row.querySelector("select")?.id)
          );
        deepEqual(await offered(), ["light", "language"]);
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
        equal(await page.locator("#more-sheet").isVisible(), false);
        await provider.is("lobby");
      },
    );
    await t.step("a host's commands are taps in the lobby, too", async () => {
      const { page } = provider.phone;
      const send = (command: string) =>
        page.evaluate((command) => Reflect.get(globalThis, "chimePage").send({ command }), command);
      equal(await send("camera-off"), true);
      await until("dark", async () => !(await page.locator("#look").isVisible()));
      deepEqual((await tracks(provider.phone)).at(-1), "video ended");
      equal(await page.getAttribute("#try-camera", "aria-pressed"), "false");
      equal(await send("camera-on"), true);
      await until("the camera", () => page.locator("#look").isVisible());
      equal(await send("background"), true);
      await until("dark", async () => !(await page.locator("#look").isVisible()));
      equal(await send("foreground"), true);
      await until("the camera", () => page.locator("#look").isVisible());
      equal(await send("mute"), true);
      equal(await page.getAttribute("#try-mic", "aria-pressed"), "false");
      equal(await send("unmute"), true);
      // Which of two cameras is chosen from the list; there is nothing to turn around yet.
      equal(await send("flip-camera"), false);
      await until(
        "both",
        async () =>
          (await tracks(provider.phone)).filter((one) => one.endsWith("live")).length === 2,
      );
    });
    await t.step("on a phone the cameras are called by the side they look to", async () => {
      const { page } = provider.phone;
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
      await until("the camera", () => page.locator("#look").isVisible());
    });
    await t.step("signalling is up before Join, and no media connection exists", async () => {
      await until("the WebSocket", () => provider.sockets.length === 1);
      deepEqual(joined(), []);
      deepEqual(meeting.chime.events().map(({ detail }) => detail.eventType).slice(-1), [
        "chime:AttendeeAdded",
      ]);
    });
    await t.step("whoever has not come in yet sees that the other one waits", async () => {
      provider.visit.present = [PATIENT.id];
      const { page } = provider.phone;
      await until(
        "who waits",
        async () =>
          /Jean-Baptiste Essomba is waiting/.test(await page.locator("#who-waits").innerText()),
      );
    });
    await t.step(
      "Join is one tap: the warm connection and the open devices go into the call",
      async () => {
        await provider.phone.page.click("#join");
        await provider.is("in-call");
        await until("the sound connection", () => joined().includes(PROVIDER.id));
        equal(provider.sockets.length, 1);
        await until("own picture", () => provider.phone.page.locator("#self").isVisible());
        deepEqual((await tracks(provider.phone)).filter((one) => one.endsWith("live")), [
          "audio live",
          "video live",
        ]);
        equal(await provider.phone.page.locator("#lobby").isVisible(), false);
      },
    );
    await t.step("alone in the call one is told who waits", async () => {
      await until("who waits", async () =>
        /Jean-Baptiste Essomba is waiting/.test(
          await provider.phone.page.locator("#card-title").innerText(),
        ));
    });
    await t.step("a silence of the system is a hold, which ends with it", async () => {
      const { page } = provider.phone;
      const system = (muted: boolean) =>
        page.evaluate((value) => {
          const track = (Reflect.get(globalThis, "opened") as MediaStreamTrack[])
            .filter(({ kind, readyState }) => kind === "audio" && readyState === "live").pop();
          Object.defineProperty(track, "muted", { value, configurable: true });
          track?.dispatchEvent(new Event(value ? "mute" : "unmute"));
        }, muted);
      await system(true);
      await provider.is("on-hold");
      ok(await page.locator("#restore").isVisible());
      await system(false);
      await provider.is("in-call");
      ok(!(await page.locator("#restore").isVisible()));
    });
    await t.step("sound and camera that the system ended come back by one tap", async () => {
      const { page } = provider.phone;
      await page.evaluate(() => {
        for (const track of Reflect.get(globalThis, "opened") as MediaStreamTrack[]) {
          track.stop();
          track.dispatchEvent(new Event("ended"));
        }
      });
      await provider.is("on-hold");
      await page.click("#restore");
      await provider.is("in-call");
      await until(
        "the own picture",
        async () =>
          await page.getAttribute("#camera", "data-state") === "on" &&
          await page.getAttribute("#mic", "data-state") === "on",
      );
      deepEqual((await tracks(provider.phone)).slice(-2), ["audio live", "video live"]);
    });
    await t.step("a device that is offline says so, until it is not", async () => {
      const { page } = provider.phone;
      const say = (event: string) => page.evaluate((name) => dispatchEvent(new Event(name)), event);
      await say("offline");
      match(await page.locator("#notice-text").innerText(), /offline/);
      await say("online");
      equal(await page.locator("#notice").isVisible(), false);
      await provider.is("in-call");
    });
    await t.step("a patient who is ready goes in by themselves, with sound alone", async () => {
      const patient = await open(browser, cdn, meeting, PATIENT, { state: "waiting" });
      const { page } = patient.phone;
      await patient.is("waiting");
      match(
        await page.locator("#card-text").innerText(),
        /You are in the right place\. Dr\. Amina Nkolo/,
      );
      await until("own picture", () => page.locator("#look").isVisible());
      await page.check('input[value="sound"]');
      await until(
        "camera let go",
        async () => (await tracks(patient.phone)).includes("video ended"),
      );
      await page.click("#join");
      match(await page.locator("#card-text").innerText(), /You are checked in/);
      patient.visit.status = "open";
      await patient.is("in-call");
      await until("the tile", async () => await provider.phone.page.locator(".tile").count() === 1);
      equal(await page.getAttribute("#camera", "data-state"), "off");
      deepEqual(await tracks(patient.phone), ["audio live", "video ended"]);
      deepEqual([patient.phone.errors, provider.phone.errors], [[], []]);
      await patient.close();
    });
  } finally {
    await provider.close();
    await browser.close();
  }
  await t.step("refused devices are explained, and keep nobody out", async () => {
    const refusing = await launchBrowser({ permission: "deny" });
    const guest = await open(refusing, cdn, meeting, PATIENT);
    const { page } = guest.phone;
    await until(
      "the way to the settings",
      async () =>
        /Allow the camera and microphone/.test(await page.locator("#lobby-help").innerText()),
    );
    await page.click("#join");
    await guest.is("in-call");
    await guest.close();
    await refusing.close();
  });
  await cdn.close();
  await meeting.close();
});
