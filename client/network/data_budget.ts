/** Measures the data use of a call and compares it with a budget. Pure. */

/** Data used so far. */
export interface Meter {
  /** Bytes used by all connections of this call. */
  readonly bytes: number;
  /** Counter of the current connection. A new connection starts at zero. */
  readonly counted: number;
  /** Readings of the last minute: `[milliseconds, bytes]`. */
  readonly minute: readonly (readonly [number, number])[];
}

/** The meter at the start of a call. */
export const EMPTY_METER: Meter = { bytes: 0, counted: 0, minute: [] };

const MINUTE_MS = 60_000;
/** An hourly rate needs at least this much time. */
const MIN_SPAN_MS = 20_000;

/**
 * Adds a reading.
 * @param at time in milliseconds
 * @param counted bytes sent and received by the current connection
 */
export function addReading(meter: Meter, at: number, counted: number): Meter {
  const bytes = meter.bytes + (counted < meter.counted ? counted : counted - meter.counted);
  const minute = [...meter.minute.filter(([then]) => at - then <= MINUTE_MS), [at, bytes] as const];
  return { bytes, counted, minute };
}

/**
 * Returns a function that takes what the current call has used so far, and returns what the whole visit
 * has. A smaller number means that another call has begun.
 * @param before what was used before the page was loaded
 */
export function createTotal(before: number): (used: number) => number {
  let total = before;
  let last = 0;
  return (used) => {
    total += used < last ? used : used - last;
    last = used;
    return total;
  };
}

/** Megabytes per hour at the rate of the last minute; null during the first 20 seconds. */
export function pace({ minute }: Meter): number | null {
  const [first, last] = [minute[0], minute[minute.length - 1]];
  if (first === undefined || last === undefined || last[0] - first[0] < MIN_SPAN_MS) return null;
  return (last[1] - first[1]) / 1e6 / (last[0] - first[0]) * 3_600_000;
}

/** Whether the last minute exceeded a budget by more than 15 %, since video is bursty. */
export function overBudget(meter: Meter, megabytesAnHour: number): boolean {
  return (pace(meter) ?? 0) > megabytesAnHour * 1.15;
}
