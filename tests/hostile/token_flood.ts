import type { TestStack } from "../support/visits.ts";
import { type Figure, Tally } from "./report.ts";
import { acceptedFault, PAGE, visitOf } from "./token_places.ts";
import { createIssuer, type Issuer } from "../support/issuer.ts";
import { signBySecret } from "../support/jwt.ts";

/** Tokens of strangers, each with a key of its own, and how many are sent concurrently. */
const FLOOD = 500;
const AT_ONCE = 25;
/** Key sets are fetched once at first, and rarely for a key that is not in them. */
const MOST_KEY_SETS = 5;
/** The Auth server may be asked about some of them, more on a slow machine. */
const MOST_USER_CALLS = FLOOD / 2;

/** The issuers that the function trusts. */
export interface Issuers {
  readonly supabase: Issuer;
  /** Trusted as a bearer. */
  readonly app: Issuer;
  /** Trusted in a header of its own. */
  readonly firebase: Issuer;
}

/** Many tokens of strangers: the calls to issuers that they cause, and whether others are kept out. */
export async function flood(
  stack: TestStack,
  { supabase, app }: Issuers,
  counters: Readonly<Record<"keySets" | "users" | "appKeySets", () => number>>,
): Promise<readonly Figure[]> {
  const origin = `${stack.functions[0]?.url}/chime-page`;
  const visit = await visitOf(stack, supabase.subject);
  const appVisit = await visitOf(stack, app.subject);
  const forgers = await Promise.all([createIssuer(supabase), createIssuer(app)] as const);
  const strangers = async (make: (i: number) => Promise<string>, of: string) => {
    const tokens = await Promise.all(Array.from({ length: FLOOD }, (_, i) => make(i)));
    while (tokens.length > 0) {
      await Promise.all(
        tokens.splice(0, AT_ONCE).map(async (token) =>
          (await PAGE.send(origin, of, token)).body?.cancel()
        ),
      );
    }
  };
  const figures: Figure[] = [];
  const measure = async (check: string, most: number, asked: () => number, work: Promise<void>) => {
    const before = asked();
    await work;
    figures.push(costFigure(check, FLOOD, asked() - before, most));
  };
  const unknownKey = (forger: Issuer) => (i: number) =>
    forger.sign({ header: { kid: `new-${i}` } });
  const both = () => counters.keySets() + counters.users();
  await measure(
    "calls to Auth for unknown keys",
    MOST_KEY_SETS,
    both,
    strangers(unknownKey(forgers[0]), visit),
  );
  const legacy = (i: number) => signBySecret(`secret-${i}`, {}, { ...claimsOf(supabase), jti: i });
  await measure(
    "calls to Auth for legacy tokens",
    MOST_USER_CALLS,
    both,
    strangers(legacy, visit),
  );
  await measure(
    "calls to a trusted issuer for unknown keys",
    MOST_KEY_SETS,
    counters.appKeySets,
    strangers(unknownKey(forgers[1]), appVisit),
  );
  const after = new Tally("people kept out by the flood");
  after.add("", acceptedFault(await PAGE.send(origin, visit, await supabase.sign({}))));
  after.add("", acceptedFault(await PAGE.send(origin, appVisit, await app.sign({}))));
  return [...figures, after.figure()];
}

/** The figure of the upstream calls that strangers caused; each beyond `most` is bad. */
export function costFigure(check: string, strangers: number, calls: number, most: number): Figure {
  const tally = new Tally(check);
  tally.addMany(
    strangers,
    Math.max(0, calls - most),
    `${calls} calls, at most ${most} are allowed`,
  );
  return tally.figure();
}

/** Claims of a legacy token of the project. */
const claimsOf = ({ issuer, audience, subject }: Issuer) => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: audience,
    sub: subject,
    role: "authenticated",
    iat: now,
    exp: now + 3_600,
  };
};
