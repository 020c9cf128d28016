/** What each way to take part costs: known before the call, so that a person can choose. Pure. */
import type { Use } from "../media/wish.ts";

/**
 * The most that a picture of each rung of the quality ladder may take, in kbps, from sound alone to
 * the best. 360p is fine at 250 kbps, 180p at 100 (measured by AWS).
 */
export const RUNG_KBPS = [0, 100, 250, 800] as const;

/** The highest rung of a way to take part. @param wide a large screen */
export function topRung(use: Use, wide: boolean): number {
  if (use === "video") return wide ? 3 : 2;
  return use === "saver" ? 1 : 0;
}

/** Opus and its headers, in kbps. */
export const SOUND_KBPS = 40;

/** Megabytes an hour for sound both ways and pictures of these rungs. */
export function megabytesAnHour(send: number, receive: number): number {
  const kbps = 2 * SOUND_KBPS + (RUNG_KBPS[send] ?? 0) + (RUNG_KBPS[receive] ?? 0);
  return kbps * 3600 / 8 / 1000;
}
