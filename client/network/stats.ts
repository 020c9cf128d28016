/** From the browser's statistics to what one second of the network looked like. Pure. */
import type { Sample } from "./quality_ladder.ts";

/** Counters of one moment. */
export interface Counters {
  /** Milliseconds. */
  readonly at: number;
  readonly bytes: number;
  readonly bytesIn: number;
  /** Share that the other end missed lately, by its own reports. */
  readonly lossUp: number;
  readonly received: number;
  readonly lostDown: number;
  /** Packets of sound that came. */
  readonly sound: number;
  /** Samples of sound that were heard, those of them that were made up, and of these the silent. */
  readonly heard: number;
  readonly madeUp: number;
  readonly hushed: number;
  readonly rtt: number | null;
  readonly available: number | null;
  /** Everything that came in, media or an answer to ICE's own checks: while it grows, we are heard. */
  readonly signs: number;
}

/** One entry of a report (W3C WebRTC statistics); engines leave out what they do not know. */
interface Entry {
  readonly type: string;
  readonly kind?: string;
  readonly timestamp: number;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly responsesReceived?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly fractionLost?: number;
  readonly totalSamplesReceived?: number;
  readonly concealedSamples?: number;
  readonly silentConcealedSamples?: number;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
}

/** Adds up a report. */
export function countersOf(report: { forEach(each: (entry: Entry) => void): void }): Counters {
  let [at, bytes, bytesIn, lossUp, received, lostDown, answers] = [0, 0, 0, 0, 0, 0, 0];
  let [sound, heard, madeUp, hushed] = [0, 0, 0, 0];
  let rtt: number | null = null;
  let available: number | null = null;
  report.forEach((entry) => {
    switch (entry.type) {
      case "candidate-pair":
        answers += entry.responsesReceived ?? 0;
        // WebKit does not say which pair is nominated at all times: the busiest is.
        if ((entry.bytesSent ?? 0) + (entry.bytesReceived ?? 0) < bytes) return;
        bytes = (entry.bytesSent ?? 0) + (entry.bytesReceived ?? 0);
        bytesIn = entry.bytesReceived ?? 0;
        at = entry.timestamp;
        if (entry.currentRoundTripTime !== undefined) rtt = entry.currentRoundTripTime * 1000;
        if (entry.availableOutgoingBitrate !== undefined) {
          available = entry.availableOutgoingBitrate / 1000;
        }
        return;
      case "remote-inbound-rtp":
        lossUp = Math.max(lossUp, entry.fractionLost ?? 0);
        return;
      case "inbound-rtp":
        received += entry.packetsReceived ?? 0;
        lostDown += entry.packetsLost ?? 0;
        heard += entry.totalSamplesReceived ?? 0;
        if (entry.kind === "audio") sound += entry.packetsReceived ?? 0;
        madeUp += entry.concealedSamples ?? 0;
        hushed += entry.silentConcealedSamples ?? 0;
    }
  });
  const signs = received + answers;
  const down = { bytesIn, received, lostDown, sound, heard, madeUp, hushed };
  return { at, bytes, lossUp, ...down, rtt, available, signs };
}

const share = (lost: number, whole: number) =>
  whole <= 0 ? 0 : Math.min(1, Math.max(0, lost / whole));

/** Fewer packets of sound a second are a rest: Opus sends 50 of a voice, and 3 of silence. */
const RESTING = 10;

const kbps = (bytes: number, milliseconds: number) =>
  milliseconds <= 0 ? 0 : Math.max(0, bytes) * 8 / milliseconds;

/** What lies between two moments. */
export function sampleOf(before: Counters, now: Counters): Sample {
  const lostDown = now.lostDown - before.lostDown;
  const received = now.received - before.received;
  const time = now.at - before.at;
  const bytesIn = now.bytesIn - before.bytesIn;
  // Silence that is made up is nobody's loss at a rest. While a voice comes it is the worst gap of
  // all: packets are so late that the browser has given up guessing.
  const resting = now.sound - before.sound < RESTING * time / 1000;
  const madeUp = now.madeUp - before.madeUp - (resting ? now.hushed - before.hushed : 0);
  return {
    rtt: now.rtt,
    available: now.available,
    lossUp: now.lossUp,
    lossDown: share(lostDown, received + lostDown),
    gaps: share(madeUp, now.heard - before.heard),
    sent: kbps(now.bytes - before.bytes - bytesIn, time),
    received: kbps(bytesIn, time),
  };
}
