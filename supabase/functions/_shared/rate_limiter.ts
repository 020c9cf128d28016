/** A token bucket. */
export interface RateLimiter {
  /** Takes one token. Returns 0, or the whole seconds until the next token is available. */
  take(): number;
  /** Returns a token for a request that should not have counted. */
  giveBack(): void;
}

/** Options of a {@link RateLimiter}. */
export interface RateLimit {
  /** Capacity of the bucket. */
  readonly size: number;
  /** Tokens added per second. */
  readonly perSecond: number;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * Creates a full token bucket. It limits one process only: it spares upstream services load and is
 * not a security control.
 */
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
