/** What a retry needs from the world. All times are milliseconds. */
export interface RetryClock {
  now(): number;
  /** 0 up to but not including 1. */
  random(): number;
  sleep(ms: number): Promise<void>;
}

/** How long to try, and how fast. */
export interface RetryRule {
  /** Time after which no further attempt begins, counted from the first. */
  readonly deadlineMs: number;
  /** Upper bound of the first pause; it doubles with every attempt. */
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Repeats `attempt` while `again` says so, with exponential back-off and full jitter (AWS
 * Architecture Blog, "Exponential Backoff And Jitter"), inside one deadline. Answers the last
 * outcome. `attempt` is told how many milliseconds are left.
 */
export async function retryWithin<T>(
  rule: RetryRule,
  clock: RetryClock,
  attempt: (leftMs: number) => Promise<T>,
  again: (outcome: T) => boolean,
): Promise<T> {
  const end = clock.now() + rule.deadlineMs;
  for (let tries = 0;; tries++) {
    const outcome = await attempt(Math.max(1, end - clock.now()));
    if (!again(outcome)) return outcome;
    const bound = Math.min(rule.capMs, rule.baseMs * 2 ** tries);
    // Never zero: an immediate repeat of a throttled call only adds to the crowd.
    const pause = bound / 4 + clock.random() * bound * 3 / 4;
    if (clock.now() + pause >= end) return outcome;
    await clock.sleep(pause);
  }
}
