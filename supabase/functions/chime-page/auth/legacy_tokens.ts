import { createRateLimiter, type RateLimiter } from "../../_shared/rate_limiter.ts";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import { hashSecret } from "../../_shared/secrets.ts";
import { singleFlight } from "../../_shared/single_flight.ts";
import type { TokenCheck } from "../../_shared/supabase.ts";

/** Limit for tokens whose subject has not been verified before. */
const UNKNOWN_PEOPLE = { size: 60, perSecond: 5 };
/** A separate limit for each person verified before, so that others cannot lock them out. */
const KNOWN_PERSON = { size: 10, perSecond: 0.5 };
const MAX_KNOWN_PEOPLE = 1_000;
/** A refused token never becomes valid. */
const REFUSED_FOR_MS = 10 * 60_000;

/**
 * Verifies legacy (HS256) tokens with the Auth server, which alone has their key.
 *
 * Only refused tokens count against a rate limit, so people signing in do not slow each other down.
 * If an attacker exhausts the limit, people verified before still get in, and others are told to
 * try again.
 *
 * Problems: `unauthenticated`, `busy`, `upstream-unavailable`.
 * @param check asks the Auth server
 * @param now milliseconds since 1970
 */
export function createLegacyTokens(
  check: (token: string) => Promise<TokenCheck>,
  now: () => number,
) {
  const unknownPeople = createRateLimiter({ ...UNKNOWN_PEOPLE, now });
  const known = new Map<string, RateLimiter>();
  const flight = singleFlight<Result<null, Problem>>({
    keepMs: REFUSED_FOR_MS,
    keep: (result) => !result.ok && result.error.name === "unauthenticated",
    now,
  });

  function remember(subject: string): void {
    const limiter = known.get(subject) ?? createRateLimiter({ ...KNOWN_PERSON, now });
    // Reinserting moves the person to the end, so the least recently seen come first.
    known.delete(subject);
    known.set(subject, limiter);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_KNOWN_PEOPLE) return;
      known.delete(oldest);
    }
  }

  /** Uses the person's own limit first; an attacker who knows their id can exhaust only that. */
  function take(claimedSubject: string): { readonly limiter: RateLimiter; readonly wait: number } {
    const own = known.get(claimedSubject);
    return own?.take() === 0
      ? { limiter: own, wait: 0 }
      : { limiter: unknownPeople, wait: unknownPeople.take() };
  }

  async function verifyOnce(token: string, claimedSubject: string): Promise<Result<null, Problem>> {
    const { limiter, wait } = take(claimedSubject);
    if (wait > 0) return err({ name: "busy", retryAfterSeconds: wait, reason: "auth-limit" });
    const verified = resultOf(await check(token));
    if (verified.ok) {
      limiter.giveBack();
      remember(claimedSubject);
    }
    return verified;
  }

  return {
    /** @param claimedSubject the token's unverified subject, which only selects the rate limit */
    verify: (token: string, claimedSubject: string) =>
      flight(hashSecret(token), () => verifyOnce(token, claimedSubject)),
  };
}

function resultOf(check: TokenCheck): Result<null, Problem> {
  switch (check) {
    case "accepted":
      return ok(null);
    case "refused":
      return err({ name: "unauthenticated", reason: "token-refused" });
    case "busy":
      return err({ name: "busy", retryAfterSeconds: 5, reason: "auth-server" });
    case "unavailable":
      return err({ name: "upstream-unavailable", reason: "auth-server" });
  }
}
