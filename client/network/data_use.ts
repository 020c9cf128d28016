/** Estimates the data use of a call before it starts, so that people can choose. Pure. */
import type { Use } from "../media/wish.ts";

/**
 * Maximum video bitrate of each rung of the quality ladder in kbps, starting with audio only.
 * According to measurements by AWS, 100 kbps is enough for 180p, and 250 kbps for 360p.
 */
export const RUNG_KBPS = [0, 100, 250, 800] as const;

/**
 * The highest rung for a data use setting.
 * @param wide whether the screen is large
 */
export function topRung(use: Use, wide: boolean): number {
  if (use === "video") return wide ? 3 : 2;
  return use === "saver" ? 1 : 0;
}

/** Bitrate of Opus audio with headers, in kbps. */
export const SOUND_KBPS = 40;

/** Megabytes per hour for audio in both directions and video of these rungs. */
export function megabytesAnHour(send: number, receive: number): number {
  const kbps = 2 * SOUND_KBPS + (RUNG_KBPS[send] ?? 0) + (RUNG_KBPS[receive] ?? 0);
  return kbps * 3600 / 8 / 1000;
}
