/** When a request must be finished, including all upstream calls it makes. */
export interface Deadline {
  /** Milliseconds left; 0 once it has passed. */
  leftMs(): number;
  /** Aborts when the deadline passes. */
  readonly signal: AbortSignal;
}

/**
 * Creates a deadline `ms` milliseconds from now.
 * @param now milliseconds, in step with the runtime's timers
 */
export function deadlineIn(ms: number, now: () => number): Deadline {
  const end = now() + ms;
  return { leftMs: () => Math.max(0, end - now()), signal: AbortSignal.timeout(ms) };
}
