/** Visits of one or two hours against Chime's quotas, in virtual time. */
import { RateLimiter } from "../../dev/chime/rate_limiter.ts";
import { CHIME_RETRY } from "../../supabase/functions/_shared/chime.ts";
import { retryWithin } from "../../supabase/functions/_shared/retry.ts";
import { createRandom } from "../../tests/support/random.ts";
import { VirtualTime } from "./virtual_time.ts";

/** Chime's quotas in one region of one account. */
export interface Quotas {
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly activeMeetings: number;
}

export interface RushResult {
  /** People who gave up, of all. */
  readonly outside: number;
  readonly people: number;
  /** Seconds between opening the link, or the start of the visit, and being in; of the slowest. */
  readonly slowest: number;
  readonly median: number;
  readonly activeMeetings: number;
  /** Calls of the function in the busiest second: openings, joins, polls and ends. */
  readonly invocations: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How long a call to Chime takes. An assumption; no account was measured. */
const CHIME_MS = 150;
/** Of `index.ts`. */
const DEADLINE_MS = 10_000;
/** The page says "Try again in 5 seconds"; people tap up to this much later. */
const REACTION_MS = 5_000;
const TRY_AGAIN_MS = 5_000;
const POLL_MS = 5_000;
/** Somebody who is not in after this long gives up. */
const PATIENCE_MS = 150_000;
/** Appointments begin on the quarter hour. */
const SLOT = HOUR / 4;
const [SHORTEST, LONGEST] = [10 * MINUTE, 30 * MINUTE];

/**
 * Lets so many visits begin in an hour, twice, so that the second hour has the first one's calls in
 * progress; reports on the second. Each visit is of two people, who come from 4 minutes before its
 * beginning to 2 minutes after it, and lasts 20 minutes on average. Retries are the function's own.
 */
export async function simulateRush(
  visitsAnHour: number,
  quotas: Quotas,
  seed = 1,
): Promise<RushResult> {
  const time = new VirtualTime();
  const random = createRandom(seed);
  const limiter = new RateLimiter(quotas.requestsPerSecond, quotas.burst, time.now);
  const invoked = new Map<number, number>();
  const seconds: number[] = [];
  let active = 0, most = 0, outside = 0, people = 0;

  const invoke = (at = time.now()) => {
    const second = Math.floor(at / 1000);
    invoked.set(second, (invoked.get(second) ?? 0) + 1);
  };
  /** One call to Chime; false if it was refused. */
  const send = async (act: () => boolean) => {
    await time.sleep(CHIME_MS);
    return limiter.take() && act();
  };
  const withRetries = (act: () => boolean, until: number) =>
    retryWithin(
      CHIME_RETRY,
      { random: () => random.below(1_000) / 1_000, sleep: time.sleep },
      { leftMs: () => Math.max(0, until - time.now()), signal: new AbortController().signal },
      () => send(act),
      (isIn) => !isIn,
    );

  async function visit(start: number) {
    let open = false;
    const create = () => {
      if (!open && active >= quotas.activeMeetings) return false;
      if (!open) most = Math.max(most, ++active);
      return open = true;
    };
    /** One request of a page: the meeting, if nobody has created it, and the attendee. */
    const join = async () => {
      invoke();
      const until = time.now() + DEADLINE_MS;
      return (open || await withRetries(create, until)) && await withRetries(() => true, until);
    };
    const provider = Promise.withResolvers<boolean>();
    const counted = start > HOUR;

    async function person(isProvider: boolean) {
      await time.sleep(start + random.below(6 * MINUTE) - 4 * MINUTE);
      if (counted) people++;
      if (!isProvider) {
        const came = time.now();
        invoke();
        if (!await provider.promise) return;
        for (let at = came + POLL_MS; at < time.now(); at += POLL_MS) invoke(at);
        await time.sleep(random.below(POLL_MS));
      }
      const began = time.now();
      let isIn = false;
      while (!(isIn = await join()) && time.now() - began < PATIENCE_MS) {
        await time.sleep(TRY_AGAIN_MS + random.below(REACTION_MS));
      }
      if (isProvider) provider.resolve(isIn);
      if (counted && isIn) seconds.push((time.now() - began) / 1000);
      return isIn;
    }

    const came = await Promise.all([person(true), person(false)]);
    if (counted) outside += came.filter((isIn) => !isIn).length;
    if (!open) return;
    await time.sleep(SHORTEST + random.below(LONGEST - SHORTEST));
    invoke();
    await withRetries(() => true, time.now() + DEADLINE_MS);
    active--;
  }

  for (let index = 0; index < 2 * visitsAnHour; index++) {
    const slot = Math.floor(index * (2 * HOUR / SLOT) / (2 * visitsAnHour));
    void visit((slot + 1) * SLOT);
  }
  await time.run();
  seconds.sort((a, b) => a - b);
  return {
    outside,
    people,
    slowest: seconds.at(-1) ?? NaN,
    median: seconds[seconds.length >> 1] ?? NaN,
    activeMeetings: most,
    invocations: Math.max(...invoked.values()),
  };
}
