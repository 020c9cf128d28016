/** How many bytes a call has taken, and whether it keeps to a budget. Pure. */

/** A running count. */
export interface Meter {
  /** Bytes of all connections of this call so far. */
  readonly bytes: number;
  /** What the running connection has counted by itself: a new one begins at zero. */
  readonly counted: number;
  /** `[milliseconds, bytes]` of the last minute. */
  readonly minute: readonly (readonly [number, number])[];
}

/** Nothing yet. */
export const EMPTY_METER: Meter = { bytes: 0, counted: 0, minute: [] };

const MINUTE_MS = 60_000;
/** Less time than this says nothing about an hour. */
const ENOUGH_MS = 20_000;

/** @param counted bytes sent and received by the running connection */
export function read(meter: Meter, at: number, counted: number): Meter {
  const bytes = meter.bytes + (counted < meter.counted ? counted : counted - meter.counted);
  const minute = [...meter.minute.filter(([then]) => at - then <= MINUTE_MS), [at, bytes] as const];
  return { bytes, counted, minute };
}

/** Megabytes an hour at the last minute's pace; null while that is too early to say. */
export function pace({ minute }: Meter): number | null {
  const [first, last] = [minute[0], minute[minute.length - 1]];
  if (first === undefined || last === undefined || last[0] - first[0] < ENOUGH_MS) return null;
  return (last[1] - first[1]) / 1e6 / (last[0] - first[0]) * 3_600_000;
}

/** Whether the last minute was beyond a budget; some grace, since pictures come in bursts. */
export function overBudget(meter: Meter, megabytesAnHour: number): boolean {
  return (pace(meter) ?? 0) > megabytesAnHour * 1.15;
}
