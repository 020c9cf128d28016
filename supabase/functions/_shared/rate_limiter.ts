/** Lets so many through at once, and so many more a second (a token bucket). */
export interface RateLimiter {
  /** Takes one. Answers 0, or the whole seconds after which there will be one again. */
  take(): number;
  /** Gives one back that was taken and turned out to be nobody's fault. */
  giveBack(): void;
}

/** How much a {@link RateLimiter} lets through and how fast it fills. */
export interface RateLimit {
  readonly size: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Makes a rate limiter that nothing was taken from. It limits one process, and saves upstream services rather than guards them. */
export function createRateLimiter({ size, perSecond, now }: RateLimit): RateLimiter {
  let left = size;
  let at = now();
  return {
    take() {
      const time = now();
      left = Math.min(size, left + Math.max(0, time - at) / 1000 * perSecond);
      at = time;
      if (left < 1) return Math.max(1, Math.ceil((1 - left) / perSecond));
      left--;
      return 0;
    },
    giveBack() {
      left = Math.min(size, left + 1);
    },
  };
}
