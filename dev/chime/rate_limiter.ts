/** A token bucket: allows `burst` calls at once, and then `perSecond`. */
export class RateLimiter {
  #tokens: number;
  #at: number;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly clock: () => number,
  ) {
    this.#tokens = burst;
    this.#at = clock();
  }

  /** Takes one token; false where none is left. */
  take(): boolean {
    const now = this.clock();
    const refilled = Math.max(0, now - this.#at) / 1000 * this.perSecond;
    this.#tokens = Math.min(this.burst, this.#tokens + refilled);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  reset(): void {
    this.#tokens = this.burst;
    this.#at = this.clock();
  }
}
