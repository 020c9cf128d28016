import assert from "node:assert/strict";
import {
  base64url,
  CompactSign,
  exportJWK,
  generateKeyPair,
  type JWK,
  jwtVerify,
  SignJWT,
} from "jose";
import { createSupabase } from "../../_shared/supabase.ts";
import type { TrustedIssuer } from "../config/settings.ts";
import { createTokenVerifier, type TokenVerifier } from "./token_verifier.ts";

const PROJECT = "https://project.supabase.co/auth/v1";
const FIREBASE = "https://securetoken.google.com/clinic";
const PATIENT = "a0000000-0000-4000-8000-000000000001";
const LEGACY_KEY = new TextEncoder().encode("legacy-secret-of-the-project-32-bytes-long");
const seconds = () => Math.floor(Date.now() / 1000);

type Claims = Readonly<Record<string, unknown>>;
type Header = Readonly<Record<string, unknown>>;

/** Signs any claims, including those that no issuer would sign. */
async function signer(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk: JWK = { ...await exportJWK(publicKey), kid, alg: "ES256", use: "sig" };
  const sign = (claims: Claims, header: Header = {}) =>
    new SignJWT(JSON.parse(JSON.stringify(claims)))
      .setProtectedHeader({ alg: "ES256", kid, typ: "JWT", ...header }).sign(privateKey);
  const signText = (text: string, header: Header = {}) =>
    new CompactSign(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: "ES256", kid, ...header }).sign(privateKey, { crit: { x: true } });
  return { jwk, sign, signText };
}

const project = await signer("project-key");
const firebase = await signer("firebase-key");
const stranger = await signer("stranger-key");

const claims = (changes: Claims = {}): Claims => ({
  iss: PROJECT,
  aud: "authenticated",
  sub: PATIENT,
  role: "authenticated",
  iat: seconds(),
  exp: seconds() + 3600,
  ...changes,
});
const firebaseClaims = (changes: Claims = {}) =>
  claims({ iss: FIREBASE, aud: "clinic", sub: "firebase-uid", role: undefined, ...changes });
const legacy = (changes: Claims = {}, key = LEGACY_KEY) =>
  new SignJWT(JSON.parse(JSON.stringify(claims(changes))))
    .setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);

/** An Auth server and an issuer that count their requests. */
function startServer() {
  const asked = { keys: 0, user: 0, firebaseKeys: 0 };
  const state = { down: false, keys: [project.jwk] as JWK[] };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith("/jwks.json")) asked.keys++;
      if (pathname.endsWith("/firebase")) asked.firebaseKeys++;
      if (pathname.endsWith("/user")) asked.user++;
      if (state.down) return new Response("down", { status: 503 });
      if (pathname.endsWith("/jwks.json")) return Response.json({ keys: state.keys });
      if (pathname.endsWith("/firebase")) return Response.json({ keys: [firebase.jwk] });
      try {
        const token = request.headers.get("authorization")?.split(" ")[1] ?? "";
        const { payload } = await jwtVerify(token, LEGACY_KEY, { algorithms: ["HS256"] });
        return Response.json({ id: payload.sub, aud: payload.aud, role: payload["role"] });
      } catch {
        return Response.json({ code: 403, error_code: "bad_jwt", msg: "invalid JWT" }, {
          status: 403,
        });
      }
    },
  );
  return {
    asked,
    state,
    url: `http://127.0.0.1:${server.addr.port}`,
    stop: () => server.shutdown(),
  };
}

interface Options {
  readonly trusted?: readonly Partial<TrustedIssuer>[];
  readonly issuers?: readonly string[];
  readonly anyLocalIssuer?: boolean;
  /** Whether the project's keys are injected as a setting, as on the platform. */
  readonly injected?: boolean;
}

async function withTokens(
  options: Options,
  work: (
    tokens: TokenVerifier,
    server: ReturnType<typeof startServer>,
    clock: { ahead: number },
  ) => unknown,
) {
  const server = startServer();
  const clock = { ahead: 0 };
  const start = Date.now();
  const key = "sb_secret_x";
  const supabase = createSupabase({ url: server.url, key, timeoutMs: 5_000 });
  const tokens = createTokenVerifier(
    {
      supabase: {
        url: server.url,
        key,
        publicKeys: [],
        issuers: options.issuers ?? [PROJECT],
        anyLocalIssuer: options.anyLocalIssuer ?? false,
        ...(options.injected === false ? {} : { jwks: { keys: [project.jwk] } }),
      },
      trustedIssuers: (options.trusted ?? []).map((one) => ({
        issuer: FIREBASE,
        audience: "clinic",
        jwks: `${server.url}/firebase`,
        ...one,
      })),
    },
    supabase,
    () => new Date(start + clock.ahead),
  );
  try {
    await work(tokens, server, clock);
  } finally {
    await server.stop();
  }
}

/** The subject, or the problem and its reason. */
async function outcome(answer: ReturnType<TokenVerifier["verify"]>): Promise<string> {
  const read = await answer;
  return read.ok ? read.value : `${read.error.name}: ${read.error.reason}`;
}

Deno.test("every claim of a project token is checked", async () => {
  await withTokens({}, async (tokens, { asked }) => {
    const bad: Record<string, Claims> = {
      "another issuer": { iss: "https://other.supabase.co/auth/v1" },
      "no issuer": { iss: undefined },
      "an issuer that is not a string": { iss: [PROJECT] },
      "another audience": { aud: "other" },
      "no audience": { aud: undefined },
      "no expiry": { exp: undefined },
      "an expiry that is a string": { exp: "never" },
      "an expiry that is an object": { exp: {} },
      "an expiry that is an array": { exp: [seconds() + 3600] },
      "an expiry in the past": { exp: seconds() - 60 },
      "a not-before in the future": { nbf: seconds() + 3600 },
      "a not-before that is a string": { nbf: "now" },
      "no issued-at": { iat: undefined },
      "an issued-at that is a string": { iat: "now" },
      "an issued-at in the future": { iat: seconds() + 3600 },
      "no subject": { sub: undefined },
      "an empty subject": { sub: "" },
      "a subject that is a number": { sub: 7 },
      "a subject that is an array": { sub: [PATIENT] },
      "a subject that is an object": { sub: { toString: PATIENT } },
      "a subject with U+0000": { sub: "a\u0000" },
      "a subject with a lone surrogate": { sub: "a\ud800" },
      "a subject that is too long": { sub: "a".repeat(300) },
      "the public role": { role: "anon" },
      "the service role": { role: "service_role" },
      "no role": { role: undefined },
      "a role that is an array": { role: ["authenticated"] },
    };
    for (const sign of [project.sign, legacy]) {
      for (const [name, changes] of Object.entries(bad)) {
        if (sign === legacy && name === "no issuer") continue;
        const token = await sign(claims(changes));
        assert.match(await outcome(tokens.verify(token)), /^unauthenticated: /, name);
      }
    }
    // 1e999 parses to Infinity. It is signed as text because no library would write it.
    const text = JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999');
    const endless = await project.signText(text);
    assert.equal(await outcome(tokens.verify(endless)), "unauthenticated: endless");

    assert.equal(await outcome(tokens.verify(await project.sign(claims()))), PATIENT);
    assert.deepEqual(asked, { keys: 0, user: 0, firebaseKeys: 0 });
    assert.equal(await outcome(tokens.verify(await legacy())), PATIENT);
    assert.equal(asked.user, 1);
  });
});

Deno.test("a token's headers choose neither the keys nor the algorithm", async () => {
  await withTokens({ trusted: [{}] }, async (tokens, { asked, url }) => {
    const forged = async (header: Header) => await stranger.sign(claims(), header);
    const own = { ...stranger.jwk, kid: "project-key" };
    const publicKeyAsSecret = new TextEncoder().encode(JSON.stringify(project.jwk));
    const unsigned = (alg: string) =>
      [JSON.stringify({ alg, kid: "project-key" }), JSON.stringify(claims())].map((part) =>
        base64url.encode(part)
      ).join(".") + ".";
    const tokensOf: Record<string, string> = {
      "another issuer's key": await forged({ kid: "project-key" }),
      "an embedded key": await forged({ jwk: own, kid: "project-key" }),
      "an embedded key set URL": await forged({ jku: `${url}/auth/v1/.well-known/jwks.json` }),
      "an embedded certificate": await forged({ x5u: `${url}/x`, x5c: ["AAAA"] }),
      "no signature": unsigned("none"),
      "no signature in mixed case": unsigned("nOnE"),
      "an empty signature": unsigned("ES256"),
      "the public key as a secret": await legacy({}, publicKeyAsSecret),
      "a shared secret for another issuer": await legacy({ iss: FIREBASE, aud: "clinic" }),
      "too long": "a".repeat(9_000),
      "no token": "senseless",
      "an empty string": "",
      "only dots": "..",
    };
    for (const [name, token] of Object.entries(tokensOf)) {
      assert.match(await outcome(tokens.verify(token)), /^unauthenticated: /, name);
    }
    // An unknown critical extension must be refused even with the right key.
    const token = await project.signText(JSON.stringify(claims()), { crit: ["x"], x: 1 });
    assert.match(await outcome(tokens.verify(token)), /^unauthenticated: /);
    assert.equal(asked.user, 1, "only the public key as a secret needs the Auth server");
  });
});

Deno.test("tokens with unknown keys cause one request for the key set and none to the Auth server", async () => {
  for (const injected of [true, false]) {
    await withTokens({ injected, trusted: [{}] }, async (tokens, { asked }) => {
      for (let i = 0; i < 200; i++) {
        const own = await stranger.sign(claims(), { kid: `unknown-${i}` });
        assert.match(await outcome(tokens.verify(own)), /no-matching-key$/);
        const foreign = await stranger.sign(firebaseClaims(), { kid: `unknown-${i}` });
        assert.match(await outcome(tokens.verify(foreign)), /no-matching-key$/);
      }
      assert.deepEqual(asked, { keys: 1, user: 0, firebaseKeys: 1 });
      assert.equal(await outcome(tokens.verify(await project.sign(claims()))), PATIENT);
    });
  }
});

Deno.test("a key set that failed is not fetched again until its cooldown is over", async () => {
  await withTokens({ injected: false }, async (tokens, { asked, state }, clock) => {
    state.down = true;
    const good = await project.sign(claims());
    for (let i = 0; i < 20; i++) {
      assert.equal(await outcome(tokens.verify(good)), "upstream-unavailable: issuer-keys");
    }
    assert.equal(asked.keys, 1);
    state.down = false;
    clock.ahead = 5_000;
    assert.equal(await outcome(tokens.verify(good)), PATIENT);
    assert.equal(asked.keys, 2);
  });
});

Deno.test("a key that the project rotated in later is found", async () => {
  await withTokens({}, async (tokens, { asked, state }) => {
    const next = await signer("next-key");
    state.keys = [project.jwk, next.jwk];
    assert.equal(await outcome(tokens.verify(await next.sign(claims()))), PATIENT);
    assert.equal(await outcome(tokens.verify(await project.sign(claims()))), PATIENT);
    assert.equal(asked.keys, 1);
  });
});

Deno.test("unknown people's legacy tokens are rate limited, and people verified before still get in", async () => {
  await withTokens({}, async (tokens, { asked }) => {
    assert.equal(await outcome(tokens.verify(await legacy())), PATIENT);
    const forger = new TextEncoder().encode("a-secret-that-the-project-does-not-have");
    const outcomes: string[] = [];
    for (let i = 0; i < 200; i++) {
      const sub = crypto.randomUUID();
      outcomes.push(await outcome(tokens.verify(await legacy({ sub }, forger))));
    }
    assert.equal(asked.user, 61);
    assert.deepEqual([...new Set(outcomes)].sort(), [
      "busy: auth-limit",
      "unauthenticated: token-refused",
    ]);
    // A new token of a person verified before.
    assert.equal(await outcome(tokens.verify(await legacy({ iat: seconds() - 1 }))), PATIENT);
  });
});

Deno.test("knowing a person's id is not enough to lock them out", async () => {
  await withTokens({}, async (tokens) => {
    assert.equal(await outcome(tokens.verify(await legacy())), PATIENT);
    const forger = new TextEncoder().encode("a-secret-that-the-project-does-not-have");
    for (let i = 0; i < 20; i++) {
      const forged = await legacy({ iat: seconds() - i }, forger);
      assert.equal(await outcome(tokens.verify(forged)), "unauthenticated: token-refused");
    }
    assert.equal(await outcome(tokens.verify(await legacy({ iat: seconds() - 1 }))), PATIENT);
  });
});

Deno.test("people who sign in with legacy tokens do not use up each other's limit", async () => {
  await withTokens({}, async (tokens) => {
    for (let i = 0; i < 100; i++) {
      const sub = crypto.randomUUID();
      assert.equal(await outcome(tokens.verify(await legacy({ sub }))), sub);
    }
  });
});

Deno.test("a refused token is verified once, even by concurrent requests", async () => {
  await withTokens({}, async (tokens, { asked }) => {
    const forged = await legacy({}, new TextEncoder().encode("x".repeat(32)));
    await Promise.all(Array.from({ length: 20 }, () => tokens.verify(forged)));
    await tokens.verify(forged);
    assert.equal(asked.user, 1);
  });
});

Deno.test("a token is verified again after the Auth server was down", async () => {
  await withTokens({}, async (tokens, { state }) => {
    state.down = true;
    const token = await legacy();
    assert.equal(await outcome(tokens.verify(token)), "upstream-unavailable: auth-server");
    state.down = false;
    assert.equal(await outcome(tokens.verify(token)), PATIENT);
  });
});

Deno.test("an expired token names its subject only if everything else about it is valid", async () => {
  await withTokens({ trusted: [{ header: "X-Firebase-Token" }] }, async (tokens) => {
    const past = { iat: seconds() - 7200, exp: seconds() - 3600 };
    const whose = async (answer: ReturnType<TokenVerifier["verify"]>) => {
      const read = await answer;
      assert.ok(!read.ok && read.error.name === "unauthenticated");
      return read.error.expired;
    };
    const own = (changes: Claims = {}) => project.sign(claims({ ...past, ...changes }));
    assert.equal(await whose(tokens.verify(await own())), PATIENT);
    assert.equal(
      await whose(
        tokens.verifyHeader("x-firebase-token", await firebase.sign(firebaseClaims(past))),
      ),
      "firebase-uid",
    );
    assert.equal(await whose(tokens.verify(await stranger.sign(claims(past)))), undefined);
    for (
      const changes of [
        { aud: "other" },
        { iss: "https://other.supabase.co/auth/v1" },
        { nbf: seconds() + 60 },
        { role: "anon" },
        { sub: 7 },
        { exp: "never" },
      ]
    ) {
      assert.equal(await whose(tokens.verify(await own(changes))), undefined);
    }
    // Only the Auth server has its key, and it does not verify expired tokens.
    assert.equal(await whose(tokens.verify(await legacy(past))), undefined);
  });
});

Deno.test("an issuer's header accepts only its tokens, which are also accepted as bearer tokens", async () => {
  await withTokens({ trusted: [{ header: "X-Firebase-Token" }] }, async (tokens) => {
    assert.deepEqual(tokens.headers, ["x-firebase-token"]);
    const token = await firebase.sign(firebaseClaims());
    assert.equal(await outcome(tokens.verifyHeader("x-firebase-token", token)), "firebase-uid");
    assert.equal(await outcome(tokens.verify(token)), "firebase-uid");
    const own = await project.sign(claims());
    assert.match(await outcome(tokens.verifyHeader("x-firebase-token", own)), /foreign-issuer$/);
  });
});

Deno.test("people of two issuers are never mistaken for each other", async () => {
  const own = (sub: string) => project.sign(claims({ sub }));
  const other = (sub: string) => firebase.sign(firebaseClaims({ sub }));
  // Neither has a prefix: UUIDs are Supabase's, everything else is the other issuer's.
  await withTokens({ trusted: [{}] }, async (tokens) => {
    assert.equal(await outcome(tokens.verify(await own(PATIENT))), PATIENT);
    assert.equal(await outcome(tokens.verify(await other(PATIENT))), `${FIREBASE}|${PATIENT}`);
    const upper = PATIENT.toUpperCase();
    assert.equal(await outcome(tokens.verify(await other(upper))), `${FIREBASE}|${upper}`);
    assert.equal(await outcome(tokens.verify(await other("x"))), "x");
    assert.equal(await outcome(tokens.verify(await own("x"))), `${PROJECT}|x`);
    const bent = `${PROJECT}|x`;
    assert.equal(await outcome(tokens.verify(await other(bent))), `${FIREBASE}|${bent}`);
  });
  // With a prefix, the other issuer's subjects are always distinguishable.
  await withTokens({ trusted: [{ subjectPrefix: "firebase:" }] }, async (tokens) => {
    assert.equal(await outcome(tokens.verify(await own(PATIENT))), PATIENT);
    assert.equal(await outcome(tokens.verify(await other(PATIENT))), `firebase:${PATIENT}`);
    assert.equal(await outcome(tokens.verify(await other("x"))), "firebase:x");
    assert.equal(await outcome(tokens.verify(await own("firebase:x"))), `${PROJECT}|firebase:x`);
  });
  // Without Supabase Auth, the other issuer's subjects are unchanged.
  await withTokens({ issuers: [], trusted: [{}] }, async (tokens) => {
    assert.equal(await outcome(tokens.verify(await other(PATIENT))), PATIENT);
    assert.match(await outcome(tokens.verify(await own(PATIENT))), /foreign-issuer$/);
    assert.match(await outcome(tokens.verify(await legacy())), /foreign-issuer$/);
    assert.match(await outcome(tokens.verify(await legacy({ iss: undefined }))), /foreign-issuer$/);
  });
});

Deno.test("project tokens may name either of the project's URLs, or any local one in development", async () => {
  const local = "http://127.0.0.1:54321/auth/v1";
  const custom = "https://visit.example.org/auth/v1";
  const signed = (iss: string) => project.sign(claims({ iss }));
  await withTokens({ issuers: [PROJECT, custom] }, async (tokens) => {
    assert.equal(await outcome(tokens.verify(await signed(PROJECT))), PATIENT);
    assert.equal(await outcome(tokens.verify(await signed(custom))), PATIENT);
    assert.match(await outcome(tokens.verify(await signed(local))), /foreign-issuer$/);
  });
  await withTokens({ anyLocalIssuer: true }, async (tokens) => {
    assert.equal(await outcome(tokens.verify(await signed(local))), PATIENT);
    for (const iss of [custom, "http://127.0.0.1.example.org/auth/v1", "http://127.0.0.1/x"]) {
      assert.match(await outcome(tokens.verify(await signed(iss))), /foreign-issuer$/, iss);
    }
  });
});
