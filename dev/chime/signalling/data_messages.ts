import { RateLimiter } from "../rate_limiter.ts";
import type { Limits } from "../limits.ts";

export interface DataMessage {
  readonly topic: string;
  readonly data: Uint8Array;
  /** How long it is kept for people who join later; 0 for not at all. */
  readonly lifetimeMs: number;
  readonly senderAttendeeId: string;
  readonly senderExternalUserId: string;
  /** When it came, nanoseconds since the epoch; 0 tells the sender that it was throttled. */
  readonly ingestTimeNs: number;
}

const TOPIC = /^[a-zA-Z0-9_-]{1,36}$/;

/**
 * Data messages of one meeting: checked, throttled by sender, kept for their lifetime.
 * Source: the SDK's API guide, "Sending and receiving data messages".
 */
export class DataMessages {
  #kept: { readonly message: DataMessage; readonly until: number }[] = [];
  readonly #limiters = new Map<string, RateLimiter>();

  constructor(private readonly limits: Limits, private readonly clock: () => number) {}

  /**
   * Checks a message. `delivered` goes to everybody else, `throttled` back to its sender, and one
   * that breaks the rules is dropped silently.
   */
  take(message: DataMessage): "delivered" | "throttled" | "refused" {
    if (!TOPIC.test(message.topic)) return "refused";
    if (message.data.byteLength > this.limits.dataMessageBytes) return "refused";
    if (!this.#limiterOf(message.senderAttendeeId).take()) return "throttled";
    const life = Math.min(message.lifetimeMs, this.limits.dataMessageLifetimeMs);
    if (life > 0) this.#kept.push({ message, until: this.clock() + life });
    return "delivered";
  }

  kept(): DataMessage[] {
    const now = this.clock();
    this.#kept = this.#kept.filter(({ until }) => until > now);
    return this.#kept.map(({ message }) => message);
  }

  #limiterOf(sender: string): RateLimiter {
    let limiter = this.#limiters.get(sender);
    if (limiter === undefined) {
      const { dataMessagesPerSecond, dataMessageBurst } = this.limits;
      limiter = new RateLimiter(dataMessagesPerSecond, dataMessageBurst, this.clock);
      this.#limiters.set(sender, limiter);
    }
    return limiter;
  }
}
