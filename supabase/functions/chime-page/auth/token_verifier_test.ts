import assert from "node:assert/strict";
import { base64url } from "jose";
import type { TokenVerifier } from "./token_verifier.ts";
import {
  type Claims,
  claims,
  FIREBASE,
  firebase,
  firebaseClaims,
  type Header,
  legacy,
  outcome,
  PATIENT,
  PROJECT,
  project,
  seconds,
  stranger,
  withTokens,
} from "../testing/tokens.ts";

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
