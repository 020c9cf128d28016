/**
 * How good a picture the network bears: sound first, then pictures, step by step. Pure: one sample a
 * second in, a rung of the ladder and a grade out.
 */

import { RUNG_KBPS, SOUND_KBPS } from "./data_use.ts";

/** One step of quality; kbps is the most a picture may take. */
export interface Rung {
  readonly name: "audio" | "180p" | "360p" | "540p";
  readonly kbps: number;
  readonly width: number;
  readonly height: number;
}

/** From sound alone to the best picture. */
export const RUNGS: readonly [Rung, Rung, Rung, Rung] = [
  { name: "audio", kbps: RUNG_KBPS[0], width: 0, height: 0 },
  { name: "180p", kbps: RUNG_KBPS[1], width: 320, height: 180 },
  { name: "360p", kbps: RUNG_KBPS[2], width: 640, height: 360 },
  { name: "540p", kbps: RUNG_KBPS[3], width: 960, height: 540 },
];

/** What one second of the network looked like. */
export interface Sample {
  /** Round trip in ms; null: not measured. */
  readonly rtt: number | null;
  /** Lost share of what was sent and of what should have come, 0 to 1. */
  readonly lossUp: number;
  readonly lossDown: number;
  /** What the browser believes it may send, in kbps; null: it does not say. */
  readonly available: number | null;
  /** Share of the sound that the browser concealed because packets were missing; 0 to 1. */
  readonly gaps: number;
  /** Sent and received in kbps, sound and pictures together. */
  readonly sent: number;
  readonly received: number;
}

/** Where the ladder stands. */
export interface Quality {
  /** Index into {@link RUNGS}. */
  readonly rung: number;
  readonly poor: boolean;
  /** The least round trip since there are pictures: a long way is not yet a bad one. */
  readonly base: number;
  /** How bad the last seconds were together; sinks in good ones. */
  readonly heat: number;
  /** Good seconds in a row, without those in which something waited. */
  readonly calm: number;
  /** Good seconds wanted before the next climb; doubles when a climb proved wrong. */
  readonly patience: number;
  /** Seconds since the last step up; null: there was none lately. */
  readonly climbed: number | null;
  /** Seconds in which a step may still take effect and nothing is judged. */
  readonly settling: number;
}

const PATIENCE = 8;
const MOST_PATIENCE = 64;
const SETTLING = 2;
const STEP_HEAT = 3;
/** So many ms more than the least way: a queue is building up, and no time for more picture. */
const QUEUED = 150;
/** So many seconds after a climb the browser's own estimate may still be on its way up. */
const GROWING = 10;
/** Share of what got through that is planned with: a queue that is full must also get empty. */
const HEADROOM = 0.8;
/** From here on sound suffers: no more picture than what demonstrably gets through beside it. */
const MANY_GAPS = 0.3;
const MUCH_LOSS = 0.2;

/** @param rung where to begin */
export function firstQuality(rung: number): Quality {
  return {
    rung,
    poor: false,
    base: Infinity,
    heat: 0,
    calm: 0,
    patience: PATIENCE,
    climbed: null,
    settling: 0,
  };
}

/**
 * 0 good, 1 bad, 2 so bad that one more second of it is too much.
 * @param growing a climb was just now: the browser's estimate follows what is sent, by 8 % a second
 */
export function badness(sample: Sample, base: number, rung: number, growing = false): 0 | 1 | 2 {
  const { rtt, available } = sample;
  const loss = Math.max(sample.lossUp, sample.lossDown);
  const waited = rtt === null ? 0 : rtt - base;
  const room = available === null || rung === 0
    ? 1
    : available / ((RUNGS[rung]?.kbps ?? 0) + SOUND_KBPS);
  if (sample.gaps > MANY_GAPS || loss > MUCH_LOSS || waited > 1000 || room < 0.5) return 2;
  const tight = room < 0.8 && !growing;
  return sample.gaps > 0.1 || loss > 0.06 || waited > 300 || tight ? 1 : 0;
}

/** The best rung that fits into what got through of a link that was too small; else the best. */
function borne({ gaps, lossUp, lossDown, sent, received }: Sample): number {
  const down = gaps > MANY_GAPS || lossDown > MUCH_LOSS ? received : Infinity;
  const up = lossUp > MUCH_LOSS ? sent * (1 - lossUp) : Infinity;
  const room = Math.min(up, down) * HEADROOM - SOUND_KBPS;
  return RUNGS.filter(({ kbps }) => kbps > 0 && kbps <= room).length;
}

/**
 * One second later.
 * @param top the highest rung that choice, budget and the others allow
 */
export function nextQuality(before: Quality, sample: Sample, top: number): Quality {
  // At sound alone nothing of ours waits in a queue: the way takes as long as it takes. Without this
  // a call that moved to a longer way would stay poor for good.
  const base = Math.min(before.rung === 0 ? Infinity : before.base, sample.rtt ?? before.base);
  const growing = before.climbed !== null && before.climbed < GROWING;
  const bad = badness(sample, base, before.rung, growing);
  const settling = Math.max(0, before.settling - 1);
  const heat = bad === 0
    ? Math.max(0, before.heat - 1)
    : Math.min(STEP_HEAT + 1, before.heat + bad);
  const queued = sample.rtt !== null && sample.rtt - base > QUEUED;
  const calm = bad > 0 ? 0 : before.calm + (queued ? 0 : 1);
  const climbed = before.climbed === null || before.climbed > 30 ? null : before.climbed + 1;
  const same = { ...before, base, heat, calm, climbed, settling };
  const poor = before.poor ? heat > 0 || calm < 4 : heat >= STEP_HEAT;
  if (before.rung > top) return { ...same, poor, rung: top, settling: SETTLING };
  if (settling > 0) return { ...same, poor };
  if (bad > 0 && heat >= STEP_HEAT && before.rung > 0) {
    // Soon after a climb: that was too high, and the next try waits longer.
    const wrong = climbed !== null;
    return {
      ...same,
      poor: true,
      rung: Math.min(before.rung - 1, borne(sample)),
      heat: 1,
      calm: 0,
      patience: wrong ? Math.min(MOST_PATIENCE, before.patience * 2) : before.patience,
      climbed: null,
      settling: SETTLING,
    };
  }
  if (calm >= before.patience && before.rung < top) {
    return { ...same, poor: false, rung: before.rung + 1, calm: 0, climbed: 0, settling: SETTLING };
  }
  return { ...same, poor };
}
