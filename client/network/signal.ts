/** What the network reports say about a person's connection and video. Pure. */
import type { Quality } from "./quality_ladder.ts";

/** What a page reports about its network. */
export interface OwnReport {
  /** The highest rung it can carry. */
  readonly rung: number;
  readonly poor: boolean;
  /** Whether its network keeps the quality below what the person chose. Absent: no. */
  readonly reduced?: boolean;
  /** Whether its camera is open, even if sending is paused. Absent: unknown. */
  readonly camera?: boolean;
}

/** What another page reports about its network. */
export interface NetworkReport extends OwnReport {
  /** ExternalUserId. */
  readonly sender: string;
  /** Seconds until its next report; missing in reports of older pages. */
  readonly next?: number;
}

/** A person's connection and video, for their tile. */
export interface Signal {
  /** Chime attendee id. */
  readonly id: string;
  /** Bars: 1 is weak, 2 is fair, 3 is good. */
  readonly bars: 1 | 2 | 3;
  /** Their camera is on, but a network, theirs or this one, is too weak for the video. */
  readonly paused: boolean;
}

/** On a phone, the highest rung: missing 540p is no sign of a weak connection. */
const GOOD_RUNG = 2;

/** Whether the network keeps the quality below what the person chose; `top` is that rung. */
export function isReduced({ rung }: Quality, top: number): boolean {
  return rung < Math.min(GOOD_RUNG, top);
}

/**
 * @param self attendee id of this page
 * @param own this side's report
 * @param reports reports of the others, by attendee id
 * @param sending whether this side sends video if its camera is on
 */
export function signalsOf(
  self: string,
  own: OwnReport,
  reports: readonly (readonly [string, OwnReport])[],
  sending: boolean,
): readonly Signal[] {
  return [[self, own] as const, ...reports].map(([id, { rung, poor, reduced, camera }]) => ({
    id,
    bars: poor ? 1 : reduced ? 2 : 3,
    paused: camera === true && (id === self ? !sending : rung === 0 || own.rung === 0),
  }));
}
