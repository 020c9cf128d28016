/**
 * Chooses the video quality that the network can carry, with priority for audio. Pure: takes one
 * sample per second and returns a rung of the ladder and whether the network is poor.
 */

import { RUNG_KBPS, SOUND_KBPS } from "./data_use.ts";

/** One quality level; `kbps` is its maximum video bitrate. */
export interface Rung {
  readonly name: "audio" | "180p" | "360p" | "540p";
  readonly kbps: number;
  readonly width: number;
  readonly height: number;
}

/** From audio only to the best video. */
export const RUNGS: readonly [Rung, Rung, Rung, Rung] = [
  { name: "audio", kbps: RUNG_KBPS[0], width: 0, height: 0 },
  { name: "180p", kbps: RUNG_KBPS[1], width: 320, height: 180 },
  { name: "360p", kbps: RUNG_KBPS[2], width: 640, height: 360 },
  { name: "540p", kbps: RUNG_KBPS[3], width: 960, height: 540 },
];

/** Measurements of one second. */
export interface Sample {
  /** Round-trip time in ms; null if not measured. */
  readonly rtt: number | null;
  /** Share of packets lost while sending and receiving, 0 to 1. */
  readonly lossUp: number;
  readonly lossDown: number;
  /** The browser's estimate of the outgoing bandwidth in kbps; null if it has none. */
  readonly available: number | null;
  /** Share of audio samples concealed because packets were missing, 0 to 1. */
  readonly gaps: number;
  /** Bitrates in kbps, audio and video together. */
  readonly sent: number;
  readonly received: number;
}

/** State of the ladder. */
export interface Quality {
  /** Index into {@link RUNGS}. */
  readonly rung: number;
  readonly poor: boolean;
  /** Lowest round-trip time since video was last off. Only delay above it counts as bad. */
  readonly base: number;
  /** Sum of the {@link badness} of the last seconds; falls by one with each good second. */
  readonly badScore: number;
  /** Consecutive good seconds, not counting those with queued packets. */
  readonly goodSeconds: number;
  /** Good seconds required before the next step up; doubles after a step up that failed. */
  readonly climbAfter: number;
  /** Seconds since the last step up; null if it was longer than 30 s ago. */
  readonly climbed: number | null;
  /** Seconds left for the last step to take effect, without another step. */
  readonly settling: number;
}

/** Good seconds before a step up. */
const CLIMB_AFTER = 8;
const MAX_CLIMB_AFTER = 64;
const SETTLING_SECONDS = 2;
/** Step down at this {@link Quality.badScore}. */
const STEP_DOWN_SCORE = 3;
/** Delay above the lowest round-trip time, in ms, that means packets are queued: do not step up. */
const QUEUE_DELAY = 150;
/** Seconds after a step up during which the browser's bandwidth estimate may still grow. */
const GROWTH_SECONDS = 10;
/** Share of the measured bitrate to use, so that full queues can drain. */
const HEADROOM = 0.8;
/** Above these, audio suffers: limit video to the bitrate that demonstrably gets through. */
const SEVERE_GAPS = 0.3;
const SEVERE_LOSS = 0.2;

/** @param rung index of the first rung */
export function firstQuality(rung: number): Quality {
  return {
    rung,
    poor: false,
    base: Infinity,
    badScore: 0,
    goodSeconds: 0,
    climbAfter: CLIMB_AFTER,
    climbed: null,
    settling: 0,
  };
}

/**
 * Rates a second: 0 is good, 1 is bad, and 2 is so bad that a second one triggers a step down.
 * @param base lowest round-trip time in ms
 * @param growing whether there was a step up recently: the browser's estimate follows the bitrate
 * that is sent, at 8 % per second
 */
export function badness(sample: Sample, base: number, rung: number, growing = false): 0 | 1 | 2 {
  const { rtt, available } = sample;
  const loss = Math.max(sample.lossUp, sample.lossDown);
  const delay = rtt === null ? 0 : rtt - base;
  const room = available === null || rung === 0
    ? 1
    : available / ((RUNGS[rung]?.kbps ?? 0) + SOUND_KBPS);
  if (sample.gaps > SEVERE_GAPS || loss > SEVERE_LOSS || delay > 1000 || room < 0.5) return 2;
  const tight = room < 0.8 && !growing;
  return sample.gaps > 0.1 || loss > 0.06 || delay > 300 || tight ? 1 : 0;
}

/** The highest rung that fits the bitrate that got through; without severe loss, the top rung. */
function sustainableRung({ gaps, lossUp, lossDown, sent, received }: Sample): number {
  const down = gaps > SEVERE_GAPS || lossDown > SEVERE_LOSS ? received : Infinity;
  const up = lossUp > SEVERE_LOSS ? sent * (1 - lossUp) : Infinity;
  const room = Math.min(up, down) * HEADROOM - SOUND_KBPS;
  return RUNGS.filter(({ kbps }) => kbps > 0 && kbps <= room).length;
}

/**
 * Returns the state after one more second.
 * @param top index of the highest rung allowed
 */
export function nextQuality(before: Quality, sample: Sample, top: number): Quality {
  // Without video nothing is queued, so this is the true round-trip time. Otherwise a call that
  // moved to a longer route would stay poor forever.
  const base = Math.min(before.rung === 0 ? Infinity : before.base, sample.rtt ?? before.base);
  const growing = before.climbed !== null && before.climbed < GROWTH_SECONDS;
  const bad = badness(sample, base, before.rung, growing);
  const settling = Math.max(0, before.settling - 1);
  const badScore = bad === 0
    ? Math.max(0, before.badScore - 1)
    : Math.min(STEP_DOWN_SCORE + 1, before.badScore + bad);
  const queued = sample.rtt !== null && sample.rtt - base > QUEUE_DELAY;
  const goodSeconds = bad > 0 ? 0 : before.goodSeconds + (queued ? 0 : 1);
  const climbed = before.climbed === null || before.climbed > 30 ? null : before.climbed + 1;
  const same = { ...before, base, badScore, goodSeconds, climbed, settling };
  const poor = before.poor ? badScore > 0 || goodSeconds < 4 : badScore >= STEP_DOWN_SCORE;
  if (before.rung > top) return { ...same, poor, rung: top, settling: SETTLING_SECONDS };
  if (settling > 0) return { ...same, poor };
  if (bad > 0 && badScore >= STEP_DOWN_SCORE && before.rung > 0) {
    // A step up that failed soon delays the next one.
    return {
      ...same,
      poor: true,
      rung: Math.min(before.rung - 1, sustainableRung(sample)),
      badScore: 1,
      goodSeconds: 0,
      climbAfter: climbed === null
        ? before.climbAfter
        : Math.min(MAX_CLIMB_AFTER, before.climbAfter * 2),
      climbed: null,
      settling: SETTLING_SECONDS,
    };
  }
  if (goodSeconds >= before.climbAfter && before.rung < top) {
    return {
      ...same,
      poor: false,
      rung: before.rung + 1,
      goodSeconds: 0,
      climbed: 0,
      settling: SETTLING_SECONDS,
    };
  }
  return { ...same, poor };
}
