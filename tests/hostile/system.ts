import type { Limits } from "../../dev/chime/limits.ts";

/** A stand-in that refuses nobody for the sake of its quotas: for parts that are about something else. */
export const UNTHROTTLED: Partial<Limits> = {
  requestsPerSecond: 100_000,
  burst: 100_000,
  activeMeetings: 100_000,
};
