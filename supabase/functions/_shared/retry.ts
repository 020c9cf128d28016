import type { Deadline } from "./deadline.ts";

/** What a retry needs from the world. All times are milliseconds. */
export interface RetryClock {
  now(): number;
  /** 0 up to but not including 1. */
  random(): number;
  sleep(ms: number): Promise<void>;
}

/** How fast to try again; for how long is the deadline's affair. */
export interface RetryRule {
  /** Upper bound of the first pause; it doubles with every attempt. */
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Repeats `attempt` while `again` says so, with exponential back-off and full jitter (AWS
 * Architecture Blog, "Exponential Backoff And Jitter"), and begins none after the deadline. Answers
 * the last outcome.
 */
export async function retryWithin<T>(
  rule: RetryRule,
  clock: Pick<RetryClock, "random" | "sleep">,
  deadline: Deadline,
  attempt: () => Promise<T>,
  again: (outcome: T) => boolean,
): Promise<T> {
  for (let tries = 0;; tries++) {
    const outcome = await attempt();
    if (!again(outcome)) return outcome;
    const bound = Math.min(rule.capMs, rule.baseMs * 2 ** tries);
    // Never zero: an immediate repeat of a throttled call only adds to the crowd.
    const pause = bound / 4 + clock.random() * bound * 3 / 4;
    if (pause >= deadline.leftMs()) return outcome;
    await clock.sleep(pause);
  }
}
