/** Lets `burst` calls through at once, and `perSecond` after that. */
export class TokenBucket {
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

  /** Takes one token; false where there is none left. */
  take(): boolean {
    const now = this.clock();
    const refilled = Math.max(0, now - this.#at) / 1000 * this.perSecond;
    this.#tokens = Math.min(this.burst, this.#tokens + refilled);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Fills the bucket again. */
  refill(): void {
    this.#tokens = this.burst;
    this.#at = this.clock();
  }
}
