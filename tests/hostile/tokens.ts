import { type FunctionProcess, startFunction } from "../../dev/function/process.ts";
import { startStack } from "../../dev/stack.ts";
import { createIssuer, type Issuer, publishKeys } from "../support/issuer.ts";
import type { TestStack } from "../support/visits.ts";
import { startProxy } from "./recording_proxy.ts";
import { createRandom } from "../support/random.ts";
import { type AttackOptions, type Figure, Tally } from "./report.ts";
import { UNTHROTTLED } from "./unthrottled.ts";
import { badTokensFor } from "./bad_tokens.ts";
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
import { signBySecret } from "../support/jwt.ts";

const KEYS_PATH = "/auth/v1/.well-known/jwks.json";
const USER_PATH = "/auth/v1/user";

/** Tokens that must be refused, of all issuers in all places, and the upstream calls they cause. */
export async function tokenAttacks({ seed, short }: AttackOptions): Promise<readonly Figure[]> {
  const proxy = startProxy({
    before: ({ path }) => path === KEYS_PATH ? Response.json(supabase.jwks) : undefined,
  });
  const { supabase, app, firebase } = await createAllIssuers(proxy.url, createRandom(seed).uuid());
  const [appKeys, firebaseKeys] = [publishKeys(app), publishKeys(firebase)];
  const started = await startStack({
    seedFile: null,
    chime: { limits: UNTHROTTLED },
    environment: {
      SUPABASE_URL: proxy.url,
      CHIME_PAGE_TRUSTED_ISSUERS: trusting(app, appKeys.url),
    },
  });
  const stack: TestStack = Object.assign(started, { issuer: supabase });
  proxy.forwardTo(stack.baseUrl);
  // The platform gives most projects their key set; then none is fetched.
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
      keySets: () => proxy.calls.filter(({ path }) => path === KEYS_PATH).length,
      users: () => proxy.calls.filter(({ path }) => path === USER_PATH).length,
      appKeySets: () => appKeys.asked(),
    };
    return [...attacked, ...await flood(stack, { supabase, app, firebase }, counters)];
  } finally {
    await informed.stop();
    await stack.stop();
    await proxy.stop();
    await appKeys.stop();
    await firebaseKeys.stop();
  }
}

/** The setting by which the function trusts an issuer beside Supabase. */
function trusting({ issuer, audience }: Issuer, jwks: string, header?: string): string {
  return JSON.stringify([{ issuer, audience, jwks, ...(header ? { header } : {}) }]);
}

async function createAllIssuers(supabaseUrl: string, person: string): Promise<Issuers> {
  const [supabase, app, firebase] = await Promise.all([
    createIssuer({
      issuer: `${supabaseUrl}/auth/v1`,
      audience: "authenticated",
      alg: "ES256",
      kid: "key-1",
      subject: person,
    }),
    createIssuer({
      issuer: "https://login.example",
      audience: "visits",
      alg: "RS256",
      kid: "app-1",
      subject: "auth0|5f7c8ec7c33c6c004bbafe82",
    }),
    createIssuer({
      issuer: "https://securetoken.google.com/visits",
      audience: "visits-firebase",
      alg: "RS256",
      kid: "firebase-1",
      subject: "f1RebaseUidOf28Characters0000",
    }),
  ]);
  return { supabase, app, firebase };
}

/** Tries every bad token of every issuer in every place; the short form tries one place. */
async function attackAll(
  stack: TestStack,
  informed: FunctionProcess,
  { supabase, app, firebase }: Issuers,
  short: boolean,
): Promise<readonly Figure[]> {
  const attacker = publishKeys(supabase);
  const refused = new Tally("bad tokens that were accepted");
  const accepted = new Tally("valid tokens that were refused");
  const bearers = short ? [PAGE] : [PAGE, PASSES, FORM];
  const [fetching] = stack.functions;
  const targets = [
    { at: fetching, target: supabase, otherIssuer: app, places: bearers, wrong: IN_HEADER },
    { at: informed, target: supabase, otherIssuer: firebase, places: bearers, wrong: IN_HEADER },
    { at: fetching, target: app, otherIssuer: supabase, places: bearers, wrong: IN_HEADER },
    // Whether its tokens are accepted as bearers too is up to the function.
    { at: informed, target: firebase, otherIssuer: supabase, places: [IN_HEADER] },
  ];
  for (const { at, target, otherIssuer, places, wrong } of targets) {
    const origin = `${at?.url}/chime-page`;
    const roles = target === supabase;
    const forger = await createIssuer(target);
    const plan = { target, forger, otherIssuer, roles, attackerUrl: attacker.url };
    const tokens = [...await badTokensFor(plan), ...await projectKeys(stack, target.subject)];
    const valid = await target.sign({});
    for (const place of places) {
      const visit = await visitOf(stack, target.subject);
      const where = `${target.issuer}, ${place.name}`;
      accepted.add(where, acceptedFault(await place.send(origin, visit, valid)));
      for (const { name, token } of tokens) {
        refused.add(where, attackFault(name, await place.send(origin, visit, token)));
      }
    }
    if (!wrong) continue;
    const visit = await visitOf(stack, target.subject);
    const misplaced = await wrong.send(origin, visit, valid);
    refused.add(target.issuer, attackFault("a valid token in the wrong place", misplaced));
  }
  await attacker.stop();
  const fetched = new Tally("keys fetched from an attacker");
  fetched.addMany(refused.figure().count, attacker.asked(), "a key was fetched");
  return [refused.figure(), accepted.figure(), fetched.figure()];
}

/** Keys of the project as tokens of a person: they name nobody, or have expired. */
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
      name: "an expired legacy token",
      token: await legacy({ role: "authenticated", sub, exp: 1 }),
    },
  ];
}
