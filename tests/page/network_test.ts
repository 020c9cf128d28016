import { deepEqual, ok } from "node:assert/strict";
import { PATIENT } from "../support/visit_page.ts";
import { looseTest } from "../support/sanitizers.ts";
import { type Counts, twoPhones } from "./two_phones.ts";
import { until } from "../support/patience.ts";

/** What changed between two samples of one side, for each second. */
function between(from: Counts, to: Counts) {
  const seconds = (to.at - from.at) / 1000;
  return {
    playing: to.playing,
    sent: (to.packetsSent - from.packetsSent) / seconds,
    received: (to.packetsReceived - from.packetsReceived) / seconds,
    energy: (to.totalAudioEnergy - from.totalAudioEnergy) / seconds,
    concealed: (to.concealedSamples - from.concealedSamples) /
      (to.totalSamplesReceived - from.totalSamplesReceived),
    lost: (to.packetsLost - from.packetsLost) / (50 * seconds),
  };
}
type Span = ReturnType<typeof between>;

/** A sample of both sides, the patient's first. */
type Both = readonly [Counts, Counts];

/** The same for both sides. */
const spans = (from: Both, to: Both): readonly [Span, Span] => [
  between(from[0], to[0]),
  between(from[1], to[1]),
];

/**
 * Whether the machine kept up: both sides sent 50 audio packets a second, and the provider, whose own
 * link is good, received 50. What a starved processor leaves out says nothing about the network or the
 * page.
 */
const keptUp = ([patient, provider]: readonly [Span, Span]) =>
  [patient.sent, provider.sent, provider.received].every((rate) => rate > 45);

/** Collects spans of two seconds until there are `count` in which the machine kept up. */
async function measure(look: () => Promise<Both>, count: number) {
  const kept: (readonly [Span, Span])[] = [];
  let from = await look();
  await until(`${count} times two seconds in which the machine kept up`, async () => {
    const to = await look();
    if (Math.min(to[0].at - from[0].at, to[1].at - from[1].at) < 2000) return false;
    const both = spans(from, to);
    if (keptUp(both)) kept.push(both);
    from = to;
    return kept.length === count;
  });
  return kept;
}

const mean = (spans: readonly Span[], key: "energy" | "received" | "concealed" | "lost") =>
  spans.reduce((sum, span) => sum + span[key], 0) / spans.length;

looseTest(
  "at 150 kbps and 400 ms both keep their sound, and pictures step down and come back",
  async () => {
    const { faults, patient, provider, close } = await twoPhones();
    const look = () => Promise.all([patient.counts(), provider.counts()]);
    try {
      const calm = await measure(look, 2);
      faults.add({ kind: "media", attendee: PATIENT.id, kbps: 150, delay: 200 });
      const began = await look();
      await until("a step down on the weak side", async () =>
        (await patient.quality())
          .some(({ at, rung }) => at > began[0].at && ["180p", "audio"].includes(rung)));
      await until(
        "both are told whose connection is weak",
        async () =>
          (await look()).map(({ status }) => status).join() ===
            "Your connection is weak,Jean-Baptiste Essomba has a weak connection",
      );
      // Two more seconds drain the queue of the link, which is full of video.
      const [settled] = await measure(look, 1);
      ok(settled);
      const start = spans(began, await look());
      const rest = await measure(look, 10);
      for (const side of [0, 1] as const) {
        const usual = mean(calm.map((span) => span[side]), "energy");
        for (const [at, now] of rest.map((span) => span[side]).entries()) {
          const told = `side ${side}, span ${at}: ${JSON.stringify({ now, usual })}`;
          // Trying a better picture may cost some sound for a moment: never all of it, and little
          // overall. The energy counts too, since the mixer also sends packets of silence.
          ok(now.playing && now.received > 10 && now.energy > 0, told);
        }
        const of = (key: Parameters<typeof mean>[1]) => mean(rest.map((span) => span[side]), key);
        const [received, concealed, lost] = [of("received"), of("concealed"), of("lost")];
        const voice = of("energy") / usual;
        const told = `side ${side}: ${
          JSON.stringify({ start: start[side], received, voice, concealed, lost })
        }`;
        // Measured: 1.8 s of gaps until the page has stepped down, none after that, and 2 % of the
        // person's own voice lost while a better picture was tried.
        ok(received > 40 && voice > 1 / 3 && concealed < 0.1 && lost < 0.1, told);
        ok(!keptUp(start) || (start[side].concealed < 0.6 && start[side].received > 10), told);
      }
      faults.clear();
      await until("a climb back", async () => {
        const now = await look();
        return (await patient.quality()).at(-1)?.rung === "360p" &&
          now.every(({ pictures, status }) => pictures === 1 && status === "You are in the call");
      });
      deepEqual([patient.phone.errors, provider.phone.errors], [[], []]);
    } finally {
      await close();
    }
  },
);

looseTest("a good network and large screens carry 540p both ways without a warning", async () => {
  const { patient, provider, close } = await twoPhones({ width: 1280, height: 800, scale: 1 });
  try {
    const both = [patient, provider];
    await until("540p sent and received on both sides, without a warning", async () => {
      const now = await Promise.all(both.map((side) => side.counts()));
      return now.every(({ sentHeight, receivedHeight, status }) =>
        sentHeight === 540 && receivedHeight === 540 && status === "You are in the call"
      );
    });
    for (const side of both) {
      const reports = await side.quality();
      // A busy machine may delay the steps, as a network would.
      deepEqual([reports.at(0)?.rung, reports.at(-1)], ["360p", {
        ...reports.at(-1),
        rung: "540p",
        poor: false,
      }]);
    }
  } finally {
    await close();
  }
});
