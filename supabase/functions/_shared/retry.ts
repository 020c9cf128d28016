import type { Deadline } from "./deadline.ts";

/** Time and randomness for retries. All times are in milliseconds. */
export interface RetryClock {
  now(): number;
  /** Between 0 (inclusive) and 1 (exclusive). */
  random(): number;
  sleep(ms: number): Promise<void>;
}

/** How long to pause between attempts. */
export interface RetryRule {
  /** Upper bound of the first pause; it doubles with every attempt. */
  readonly baseMs: number;
  /** Upper bound of any pause. */
  readonly capMs: number;
}

/**
 * Repeats `attempt` while `shouldRetry` returns true, with exponential backoff and jitter (AWS
 * Architecture Blog, "Exponential Backoff And Jitter"). No attempt starts after the deadline.
 * @returns the result of the last attempt
 */
export async function retryWithin<T>(
  rule: RetryRule,
  clock: Pick<RetryClock, "random" | "sleep">,
  deadline: Deadline,
  attempt: () => Promise<T>,
  shouldRetry: (result: T) => boolean,
): Promise<T> {
  for (let tries = 0;; tries++) {
    const result = await attempt();
    if (!shouldRetry(result)) return result;
    const bound = Math.min(rule.capMs, rule.baseMs * 2 ** tries);
    // At least a quarter: repeating a throttled call immediately makes the throttling worse.
    const pause = bound / 4 + clock.random() * bound * 3 / 4;
    if (pause >= deadline.leftMs()) return result;
    await clock.sleep(pause);
  }
}
