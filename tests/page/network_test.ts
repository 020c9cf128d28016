/// <reference lib="dom" />
import { deepEqual, equal, ok } from "node:assert/strict";
import { SDK_DIRECTORY } from "../../cdn/build.ts";
import { startCdn } from "../../dev/cdn/origin.ts";
import { readWord } from "../../client/network.ts";
import { countersOf, sampleOf } from "../../client/samples.ts";
import type { Person } from "../../supabase/functions/chime-page/page/data.ts";
import { launchBrowser, newPhone, type Phone } from "../support/browser.ts";
import { startMeeting } from "./meeting.ts";
import { currentSdk, PATIENT, PROVIDER, serveVisit, until, visitData } from "./support.ts";

Deno.test("a second of the network is read from what the browser counts", () => {
  const moment = (at: number, grow: number, voice = 48) =>
    countersOf([
      { type: "candidate-pair", timestamp: at, bytesSent: 10, bytesReceived: 5 },
      {
        type: "candidate-pair",
        timestamp: at,
        bytesSent: 1000 * grow,
        bytesReceived: 500 * grow,
        currentRoundTripTime: 0.4,
        availableOutgoingBitrate: 300_000,
      },
      { type: "remote-inbound-rtp", timestamp: at, fractionLost: 0.02 },
      { type: "remote-inbound-rtp", timestamp: at, fractionLost: 0.2 },
      {
        type: "inbound-rtp",
        timestamp: at,
        kind: "audio",
        packetsReceived: voice * grow,
        packetsLost: voice * grow / 3,
        totalSamplesReceived: 48_000 * grow,
        concealedSamples: 12_000 * grow,
        silentConcealedSamples: 2_000 * grow,
      },
    ]);
  const before = moment(1000, 1);
  equal(before.bytes, 1500);
  deepEqual(sampleOf(before, moment(2000, 2)), {
    rtt: 400,
    available: 300,
    lossUp: 0.2,
    lossDown: 0.25,
    gaps: 0.25,
    sent: 8,
    received: 4,
  });
  // Between words little is sent: silence that is made up then is no gap.
  const resting = sampleOf(moment(1000, 1, 3), moment(2000, 2, 3)).gaps;
  equal(resting, (12_000 - 2_000) / 48_000);
  // An engine that leaves everything out has nothing to complain about.
  const blank = countersOf([{ type: "inbound-rtp", timestamp: 0 }]);
  const still = { lossUp: 0, lossDown: 0, gaps: 0, sent: 0, received: 0 };
  const nothing = { rtt: null, available: null, ...still };
  deepEqual(sampleOf(blank, blank), nothing);
});

Deno.test("what others say about their network is checked: anybody may send anything", () => {
  const word = (text: string) =>
    readWord({ senderExternalUserId: "u", text: () => text } as Parameters<typeof readWord>[0]);
  deepEqual(word('{"rung":1,"poor":true}'), { who: "u", rung: 1, poor: true });
  const bad = ["", "null", "[]", '{"rung":-1,"poor":true}', '{"rung":"1px","poor":true}'];
  for (const text of [...bad, '{"rung":1}', '{"rung":9,"poor":false}']) equal(word(text), null);
});

/** What a page has sent and heard so far, from its own peer connections. */
function counts(phone: Phone) {
  return phone.page.evaluate(async () => {
    const now = { sent: 0, sound: 0, playing: false, status: "", pictures: 0 };
    for (const peer of Reflect.get(globalThis, "peers") as RTCPeerConnection[]) {
      (await peer.getStats()).forEach((entry) => {
        if (entry.type === "outbound-rtp") {
          now.sent += entry.bytesSent + (entry.headerBytesSent ?? 0) + 28 * entry.packetsSent;
        }
        if (entry.type === "inbound-rtp" && entry.kind === "audio") {
          now.sound += entry.packetsReceived;
        }
      });
    }
    const audio = document.querySelector("audio");
    now.playing = audio !== null && !audio.paused;
    now.status = document.getElementById("status")?.textContent ?? "";
    now.pictures = document.querySelectorAll(".tile.seen").length;
    return now;
  });
}

Deno.test({
  name: "150 kbps and 400 ms: both keep their sound, pictures step down and come back",
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  const meeting = await startMeeting();
  const cdn = await startCdn({ directory: SDK_DIRECTORY });
  const { file, integrity } = currentSdk();
  const browsers = [await launchBrowser(), await launchBrowser()];
  const enter = async (self: Person, index: number) => {
    const join = await meeting.attend(self);
    const visit = serveVisit((origin) =>
      visitData({
        self,
        join,
        sdk: { url: `${cdn.url}/${file}`, integrity, timeoutMs: 20_000 },
        api: { base: `${origin}/visit`, session: "s3cret" },
      }), { connect: meeting.connect });
    const phone = await newPhone(browsers[index] as Awaited<ReturnType<typeof launchBrowser>>);
    await phone.page.addInitScript(() => {
      const peers: RTCPeerConnection[] = [];
      const Real = RTCPeerConnection;
      Object.assign(globalThis, { peers });
      globalThis.RTCPeerConnection = class extends Real {
        constructor(...options: ConstructorParameters<typeof Real>) {
          super(...options);
          peers.push(this);
        }
      };
    });
    await phone.page.goto(visit.url);
    return { phone, visit };
  };
  const patient = await enter(PATIENT, 0);
  const provider = await enter(PROVIDER, 1);
  const both = [patient, provider];
  const rung = ({ visit }: typeof patient) =>
    visit.events.filter(({ name }) => name === "quality").at(-1)?.data?.["rung"];
  // Telemetry comes in batches: look at it at once.
  const flush = () =>
    Promise.all(
      both.map(({ phone }) =>
        phone.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")))
      ),
    );

  // The stand-in can lose and delay but knows no bandwidth: what is offered beyond it is lost.
  const KBPS = 150;
  let shaping = false;
  let finished = false;
  let worst = 0;
  const shaper = (async () => {
    let before = await Promise.all(both.map(({ phone }) => counts(phone)));
    for (;;) {
      await new Promise((done) => setTimeout(done, 500));
      if (finished) return;
      const now = await Promise.all(both.map(({ phone }) => counts(phone)));
      const offered = now.map(({ sent }, index) => (sent - (before[index]?.sent ?? 0)) * 8 / 500);
      before = now;
      if (!shaping) continue;
      const lose = Math.max(0, ...offered.map((kbps) => 1 - KBPS / Math.max(kbps, 1)));
      worst = Math.max(worst, lose);
      meeting.chime.faults.clear();
      meeting.chime.faults.add({ kind: "media", attendee: PATIENT.id, lose, delay: 200 });
    }
  })();
  try {
    await until(
      "both see each other",
      async () =>
        (await Promise.all(both.map(({ phone }) => counts(phone)))).every((one) =>
          one.pictures === 1
        ),
      30_000,
    );
    shaping = true;
    await until("a step down on the weak side", async () => {
      await flush();
      return ["180p", "audio"].includes(String(rung(patient)));
    }, 30_000);
    await until("both sides are told", async () => {
      const [own, other] = await Promise.all(both.map(({ phone }) => counts(phone)));
      return own?.status === "Your connection is poor" &&
        other?.status === "Jean-Baptiste Essomba has a poor connection";
    }, 20_000).catch(async (error) => {
      throw new Error(
        `${error} ${JSON.stringify(await Promise.all(both.map(({ phone }) => counts(phone))))}`,
      );
    });
    let heard = await Promise.all(both.map(({ phone }) => counts(phone)));
    for (let second = 0; second < 6; second += 2) {
      await new Promise((done) => setTimeout(done, 2000));
      const now = await Promise.all(both.map(({ phone }) => counts(phone)));
      now.forEach(({ sound, playing }, side) => {
        const packets = sound - (heard[side]?.sound ?? 0);
        // 50 a second are sent; half of them still carry a voice over the gaps.
        ok(playing && packets > 50, `side ${side}: ${packets} packets in 2 s`);
      });
      heard = now;
    }
    ok(worst > 0.1, `the network was never too small: ${worst}`);
    shaping = false;
    meeting.chime.faults.clear();
    await until("a climb back", async () => {
      await flush();
      return rung(patient) === "360p";
    }, 90_000);
    const [own, other] = await Promise.all(both.map(({ phone }) => counts(phone)));
    deepEqual([own?.status, other?.status], ["You are in the call", "You are in the call"]);
    deepEqual([patient.phone.errors, provider.phone.errors], [[], []]);
  } finally {
    finished = true;
    await shaper.catch(() => undefined);
    for (const browser of browsers) await browser.close();
    for (const { visit } of both) await visit.close();
    await cdn.close();
    await meeting.close();
  }
});
