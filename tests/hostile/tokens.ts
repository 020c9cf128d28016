import { type FunctionProcess, startFunction } from "../../dev/function/process.ts";
import { startStack } from "../../dev/stack.ts";
import { publishKeys } from "../support/issuer.ts";
import { createVisit, type TestStack } from "../support/visits.ts";
import { createSigner, signBySecret, type Signer } from "./forge.ts";
import { startGate } from "./gate.ts";
import { createRandom } from "./random.ts";
import { type Figure, type PartOptions, Tally } from "./report.ts";
import { UNTHROTTLED } from "./system.ts";
import { attacksOn } from "./token_attacks.ts";

/** Tokens of strangers that come one after the other, each with a key of its own. */
const FLOOD = 200;
/** Key sets are fetched at first, and now and then for a key that is not in them. */
const MOST_KEY_SETS = 5;
/** The Auth server may be asked about some of them: half is too many. */
const MOST_USER_CALLS = FLOOD / 2;

const HEADER = "x-firebase-token";
const KEYS_PATH = "/auth/v1/.well-known/jwks.json";
const USER_PATH = "/auth/v1/user";

/** A way of handing a token to the function. */
interface Place {
  readonly name: string;
  readonly send: (origin: string, visit: string, token: string) => Promise<Response>;
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const PAGE: Place = {
  name: "page",
  send: (origin, visit, token) => fetch(`${origin}/${visit}`, { headers: bearer(token) }),
};
const PASSES: Place = {
  name: "passes",
  send: (origin, visit, token) =>
    fetch(`${origin}/${visit}/passes`, { method: "POST", headers: bearer(token) }),
};
const FORM: Place = {
  name: "form",
  send: (origin, visit, token) =>
    fetch(`${origin}/${visit}`, {
      method: "POST",
      body: new URLSearchParams({ access_token: token }),
    }),
};
const IN_HEADER: Place = {
  name: "header",
  send: (origin, visit, token) => fetch(`${origin}/${visit}`, { headers: { [HEADER]: token } }),
};
/** Tokens that must be refused, from all issuers in all places, and what they cost upstream. */
export async function tokenAttacks({ seed, short }: PartOptions): Promise<readonly Figure[]> {
  const gate = startGate({
    before: ({ path }) => path === KEYS_PATH ? Response.json(supabase.jwks) : undefined,
  });
  const { supabase, app, firebase } = await createIssuers(gate.url, createRandom(seed).uuid());
  const [appKeys, firebaseKeys] = [publishKeys(app), publishKeys(firebase)];
  const started = await startStack({
    seedFile: null,
    chime: { limits: UNTHROTTLED },
    environment: {
      SUPABASE_URL: gate.url,
      CHIME_PAGE_TRUSTED_ISSUERS: trusting(app, appKeys.url),
    },
  });
  const stack: TestStack = Object.assign(started, { issuer: supabase });
  gate.leadTo(stack.baseUrl);
  // The platform hands most projects their key set; then none is fetched.
  const informed = await startFunction({
    environment: {
      ...stack.environment,
      SUPABASE_JWKS: JSON.stringify(supabase.jwks),
      CHIME_PAGE_TRUSTED_ISSUERS: trusting(firebase, firebaseKeys.url, HEADER),
    },
  });
  try {
    const attacked = await attackAll(stack, informed, { supabase, app, firebase }, short);
    const counters = {
      keySets: () => gate.calls.filter(({ path }) => path === KEYS_PATH).length,
      users: () => gate.calls.filter(({ path }) => path === USER_PATH).length,
      appKeySets: () => appKeys.asked(),
    };
    return [...attacked, ...await flood(stack, { supabase, app, firebase }, counters)];
  } finally {
    await informed.stop();
    await stack.stop();
    await gate.stop();
    await appKeys.stop();
    await firebaseKeys.stop();
  }
}

/** The setting by which the function trusts an issuer beside Supabase. */
function trusting({ issuer, audience }: Signer, jwks: string, header?: string): string {
  return JSON.stringify([{ issuer, audience, jwks, ...(header ? { header } : {}) }]);
}

interface Issuers {
  readonly supabase: Signer;
  /** Trusted as a bearer. */
  readonly app: Signer;
  /** Trusted in a header of its own. */
  readonly firebase: Signer;
}

async function createIssuers(supabaseUrl: string, person: string): Promise<Issuers> {
  const [supabase, app, firebase] = await Promise.all([
    createSigner({
      issuer: `${supabaseUrl}/auth/v1`,
      audience: "authenticated",
      alg: "ES256",
      kid: "key-1",
      subject: person,
    }),
    createSigner({
      issuer: "https://login.example",
      audience: "visits",
      alg: "RS256",
      kid: "app-1",
      subject: "auth0|5f7c8ec7c33c6c004bbafe82",
    }),
    createSigner({
      issuer: "https://securetoken.google.com/visits",
      audience: "visits-firebase",
      alg: "RS256",
      kid: "firebase-1",
      subject: "f1RebaseUidOf28Characters0000",
    }),
  ]);
  return { supabase, app, firebase };
}

/** Tries every attack on every issuer, in every place; in the short form in one place for each. */
async function attackAll(
  stack: TestStack,
  informed: FunctionProcess,
  { supabase, app, firebase }: Issuers,
  short: boolean,
): Promise<readonly Figure[]> {
  const attacker = publishKeys(supabase);
  const refused = new Tally("attacks that got in");
  const accepted = new Tally("right tokens that were refused");
  const bearers = short ? [PAGE] : [PAGE, PASSES, FORM];
  const [fetching] = stack.functions;
  const targets = [
    { at: fetching, target: supabase, neighbour: app, places: bearers, wrong: IN_HEADER },
    { at: informed, target: supabase, neighbour: firebase, places: bearers, wrong: IN_HEADER },
    { at: fetching, target: app, neighbour: supabase, places: bearers, wrong: IN_HEADER },
    // Whether its tokens are good as bearers too is the function's own choice.
    { at: informed, target: firebase, neighbour: supabase, places: [IN_HEADER] },
  ];
  for (const { at, target, neighbour, places, wrong } of targets) {
    const origin = `${at?.url}/chime-page`;
    const roles = target === supabase;
    const forger = await createSigner(target);
    const plan = { target, forger, neighbour, roles, attackerUrl: attacker.url };
    const attacks = [...await attacksOn(plan), ...await projectKeys(stack, target.subject)];
    const right = await target.sign({});
    for (const place of places) {
      const visit = await visitOf(stack, target.subject);
      const where = `${target.issuer}, ${place.name}`;
      accepted.add(where, acceptedFault(await place.send(origin, visit, right)));
      for (const { name, token } of attacks) {
        refused.add(where, attackFault(name, await place.send(origin, visit, token)));
      }
    }
    if (!wrong) continue;
    const visit = await visitOf(stack, target.subject);
    const misplaced = await wrong.send(origin, visit, right);
    refused.add(target.issuer, attackFault("a right token in the wrong place", misplaced));
  }
  await attacker.stop();
  const fetched = new Tally("keys fetched from an attacker");
  fetched.addMany(refused.figure().count, attacker.asked(), "a key was fetched");
  return [refused.figure(), accepted.figure(), fetched.figure()];
}

/**
 * What is wrong with the answer to an attack. A 503 that names a time says "not now" to a stranger; a
 * 429 counts what a person does, so it has taken the attacker for one.
 */
export function attackFault(name: string, answer: Response): string | undefined {
  answer.body?.cancel();
  const { status, headers } = answer;
  const refused = (status >= 400 && status < 500 && status !== 429) ||
    (status === 503 && headers.has("retry-after"));
  return refused ? undefined : `${name}: ${status}`;
}

function acceptedFault(answer: Response): string | undefined {
  answer.body?.cancel();
  return answer.ok ? undefined : `refused: ${answer.status}`;
}

/** Keys of the project as tokens of a person: they name none, or are over. */
async function projectKeys(stack: TestStack, sub: string) {
  const { jwtSecret, secretKey } = stack.supabase;
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: stack.issuer.issuer, aud: "authenticated", iat: now, exp: now + 3_600 };
  const legacy = (changes: Record<string, unknown>) =>
    signBySecret(jwtSecret, {}, { ...claims, ...changes });
  return [
    { name: "the secret key", token: secretKey },
    { name: "the legacy public key", token: await legacy({ role: "anon" }) },
    { name: "the legacy service key", token: await legacy({ role: "service_role" }) },
    {
      name: "the legacy service key with a subject",
      token: await legacy({ role: "service_role", sub }),
    },
    {
      name: "a legacy token that is over",
      token: await legacy({ role: "authenticated", sub, exp: 1 }),
    },
  ];
}

/** A visit whose provider is this subject. */
async function visitOf(stack: TestStack, subject: string): Promise<string> {
  const visit = await createVisit(stack);
  await stack.supabase.sql("update public.visit_participants set subject = $1 where id = $2", [
    subject,
    visit.provider.participantId,
  ]);
  return visit.id;
}

/** Strangers' tokens in a row: what they make the function ask of the issuers, and who suffers. */
async function flood(
  stack: TestStack,
  { supabase, app }: Issuers,
  counters: Readonly<Record<"keySets" | "users" | "appKeySets", () => number>>,
): Promise<readonly Figure[]> {
  const origin = `${stack.functions[0]?.url}/chime-page`;
  const visit = await visitOf(stack, supabase.subject);
  const appVisit = await visitOf(stack, app.subject);
  const forgers = await Promise.all([createSigner(supabase), createSigner(app)] as const);
  const strangers = async (make: (i: number) => Promise<string>, of: string) => {
    for (let i = 0; i < FLOOD; i++) {
      await (await PAGE.send(origin, of, await make(i))).body?.cancel();
    }
  };
  const figures: Figure[] = [];
  const measure = async (check: string, most: number, asked: () => number, work: Promise<void>) => {
    const before = asked();
    await work;
    figures.push(costFigure(check, FLOOD, asked() - before, most));
  };
  const unknownKey = (forger: Signer) => (i: number) =>
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

/** The figure of calls upstream that so many strangers caused; beyond `most` each is bad. */
export function costFigure(check: string, strangers: number, calls: number, most: number): Figure {
  const tally = new Tally(check);
  tally.addMany(strangers, Math.max(0, calls - most), `${calls} calls, at most ${most} are right`);
  return tally.figure();
}

/** Claims as a legacy token of the project has them. */
const claimsOf = ({ issuer, audience, subject }: Signer) => {
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
