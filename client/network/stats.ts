/** Turns WebRTC statistics into samples of the network. Pure. */
import type { Sample } from "./quality_ladder.ts";

/** Counters at one point in time. */
export interface Counters {
  /** Milliseconds. */
  readonly at: number;
  /** Sent and received. */
  readonly bytes: number;
  readonly bytesReceived: number;
  /** Share of packets that the other end reported lost recently, 0 to 1. */
  readonly lossUp: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly audioPacketsReceived: number;
  readonly totalSamplesReceived: number;
  readonly concealedSamples: number;
  readonly silentConcealedSamples: number;
  /** Milliseconds. */
  readonly rtt: number | null;
  /** Outgoing bandwidth in kbps, estimated by the browser. */
  readonly available: number | null;
  /** Received packets and responses to ICE connectivity checks. Grows while the network works. */
  readonly incoming: number;
}

/** One entry of a report (W3C WebRTC Statistics). Browsers omit what they do not support. */
interface Entry {
  readonly type: string;
  readonly kind?: string;
  readonly timestamp: number;
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

/** Sums up a report. */
export function countersOf(report: { forEach(each: (entry: Entry) => void): void }): Counters {
  let [at, bytes, bytesReceived, lossUp, answers] = [0, 0, 0, 0, 0];
  let [packetsReceived, packetsLost, audioPacketsReceived] = [0, 0, 0];
  let [totalSamplesReceived, concealedSamples, silentConcealedSamples] = [0, 0, 0];
  let rtt: number | null = null;
  let available: number | null = null;
  report.forEach((entry) => {
    switch (entry.type) {
      case "candidate-pair":
        answers += entry.responsesReceived ?? 0;
        // WebKit does not always say which pair is nominated: use the busiest.
        if ((entry.bytesSent ?? 0) + (entry.bytesReceived ?? 0) < bytes) return;
        bytes = (entry.bytesSent ?? 0) + (entry.bytesReceived ?? 0);
        bytesReceived = entry.bytesReceived ?? 0;
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
        packetsReceived += entry.packetsReceived ?? 0;
        packetsLost += entry.packetsLost ?? 0;
        if (entry.kind === "audio") audioPacketsReceived += entry.packetsReceived ?? 0;
        totalSamplesReceived += entry.totalSamplesReceived ?? 0;
        concealedSamples += entry.concealedSamples ?? 0;
        silentConcealedSamples += entry.silentConcealedSamples ?? 0;
    }
  });
  return {
    at,
    bytes,
    bytesReceived,
    lossUp,
    packetsReceived,
    packetsLost,
    audioPacketsReceived,
    totalSamplesReceived,
    concealedSamples,
    silentConcealedSamples,
    rtt,
    available,
    incoming: packetsReceived + answers,
  };
}

const ratio = (part: number, total: number) =>
  total <= 0 ? 0 : Math.min(1, Math.max(0, part / total));

/** Fewer audio packets per second mean silence: Opus sends 50 for speech and 3 for silence. */
const SILENT_PACKETS = 10;

const kbps = (bytes: number, milliseconds: number) =>
  milliseconds <= 0 ? 0 : Math.max(0, bytes) * 8 / milliseconds;

/** Returns the sample between two points in time. */
export function sampleOf(before: Counters, now: Counters): Sample {
  const since = (counter: keyof Counters) => (now[counter] ?? 0) - (before[counter] ?? 0);
  const [time, lost] = [since("at"), since("packetsLost")];
  // Concealed silence while nobody speaks is not a loss. While someone speaks it is the worst kind
  // of gap: packets are so late that the browser stopped interpolating.
  const silent = since("audioPacketsReceived") < SILENT_PACKETS * time / 1000;
  const concealed = since("concealedSamples") - (silent ? since("silentConcealedSamples") : 0);
  return {
    rtt: now.rtt,
    available: now.available,
    lossUp: now.lossUp,
    lossDown: ratio(lost, since("packetsReceived") + lost),
    gaps: ratio(concealed, since("totalSamplesReceived")),
    sent: kbps(since("bytes") - since("bytesReceived"), time),
    received: kbps(since("bytesReceived"), time),
  };
}
