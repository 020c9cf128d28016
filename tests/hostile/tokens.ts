import { type FunctionProcess, startFunction } from "../../dev/function/process.ts";
import { startStack } from "../../dev/stack.ts";
import { publishKeys } from "../support/issuer.ts";
import type { TestStack } from "../support/visits.ts";
import { createSigner, signBySecret, type Signer } from "./forge.ts";
import { startGate } from "./gate.ts";
import { createRandom } from "../support/random.ts";
import { type Figure, type PartOptions, Tally } from "./report.ts";
import { UNTHROTTLED } from "./system.ts";
import { attacksOn } from "./token_attacks.ts";
import { flood, type Issuers } from "./token_flood.ts";
import {
  acceptedFault,
  attackFault,
  FORM,
  HEADER,
  IN_HEADER,
  PAGE,
  PASSES,
  visitOf,
} from "./token_places.ts";

const KEYS_PATH = "/auth/v1/.well-known/jwks.json";
const USER_PATH = "/auth/v1/user";

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
