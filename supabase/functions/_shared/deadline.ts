/** Until when a request must be answered, whatever it waits for on the way. */
export interface Deadline {
  /** Milliseconds that are left; 0 when it has passed. */
  leftMs(): number;
  /** Aborted when it has passed. */
  readonly signal: AbortSignal;
}

/** A deadline that begins now. `now` is in milliseconds, and runs as the machine's timers do. */
export function deadlineIn(ms: number, now: () => number): Deadline {
  const end = now() + ms;
  return { leftMs: () => Math.max(0, end - now()), signal: AbortSignal.timeout(ms) };
}
