import type { Limits } from "../../dev/chime/limits.ts";

/** Limits of a Chime stand-in that never throttles, for attacks that are not about quotas. */
export const UNTHROTTLED: Partial<Limits> = {
  requestsPerSecond: 100_000,
  burst: 100_000,
  activeMeetings: 100_000,
};
