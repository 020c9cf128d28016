import type { SupabaseClient } from "@supabase/supabase-js";
import { createRateLimiter, type RateLimiter } from "../../_shared/rate_limiter.ts";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import { hashSecret } from "../../_shared/secrets.ts";
import { singleFlight } from "../../_shared/single_flight.ts";

/** Refusals of strangers that the Auth server may be asked for: 60 at once, five a second. */
const STRANGERS = { size: 60, perSecond: 5 };
/** The same for each person whose token was good before, so that strangers can't use up theirs. */
const KNOWN_PERSON = { size: 10, perSecond: 0.5 };
const MOST_KNOWN_PEOPLE = 1_000;
/** A token that was refused does not become good. */
const REFUSED_FOR_MS = 10 * 60_000;

/**
 * Asks the Auth server whether a legacy (HS256) token is good, whose key it alone has. Only refusals
 * count against a limit, so people who sign in are not held up by each other; while strangers use it
 * up, whoever was here before still gets in, and others are told to try again.
 *
 * `claimed` is the subject that the token names, unverified: it only chooses the limit that counts.
 * Problems: `unauthenticated`, `busy`, `upstream-unavailable`.
 */
export function createLegacyTokens(supabase: SupabaseClient, now: () => number) {
  const strangers = createRateLimiter({ ...STRANGERS, now });
  const known = new Map<string, RateLimiter>();
  const flight = singleFlight<Result<null, Problem>>({
    keepMs: REFUSED_FOR_MS,
    keep: (answer) => !answer.ok && answer.error.name === "unauthenticated",
    now,
  });

  function remember(subject: string): void {
    const limiter = known.get(subject) ?? createRateLimiter({ ...KNOWN_PERSON, now });
    // Last in, as a map keeps the order of insertion: whoever was not here for longest is forgotten.
    known.delete(subject);
    known.set(subject, limiter);
    for (const first of known.keys()) {
      if (known.size <= MOST_KNOWN_PEOPLE) return;
      known.delete(first);
    }
  }

  /** From a person's own limiter while it has some: whoever knows their id can use up only that. */
  function take(claimed: string): { readonly limiter: RateLimiter; readonly wait: number } {
    const own = known.get(claimed);
    return own?.take() === 0
      ? { limiter: own, wait: 0 }
      : { limiter: strangers, wait: strangers.take() };
  }

  async function ask(token: string, claimed: string): Promise<Result<null, Problem>> {
    const { limiter, wait } = take(claimed);
    if (wait > 0) return err({ name: "busy", retryAfterSeconds: wait, reason: "auth-limit" });
    const answer = await askAuth(token, supabase);
    if (answer.ok) {
      limiter.giveBack();
      remember(claimed);
    }
    return answer;
  }

  return {
    verify: async (token: string, claimed: string) =>
      await flight(await hashSecret(token), () => ask(token, claimed)),
  };
}

async function askAuth(
  token: string,
  supabase: SupabaseClient,
): Promise<Result<null, Problem>> {
  const { error } = await supabase.auth.getUser(token);
  if (!error) return ok(null);
  if (error.status === 429) {
    return err({ name: "busy", retryAfterSeconds: 5, reason: "auth-server" });
  }
  return error.name === "AuthRetryableFetchError" || (error.status ?? 0) >= 500
    ? err({ name: "upstream-unavailable", reason: "auth-server" })
    : err({ name: "unauthenticated", reason: "token-refused" });
}
