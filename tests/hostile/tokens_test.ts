import assert from "node:assert/strict";
import { jwtVerify } from "jose";
import { createIssuer, publishKeys } from "../support/issuer.ts";
import { costFigure } from "./token_flood.ts";
import { attackFault } from "./token_places.ts";
import { badTokensFor } from "./bad_tokens.ts";

Deno.test("a bad token that is accepted, throttled or breaks the function is a fault", () => {
  const fault = (status: number, headers = {}) =>
    attackFault("attack", new Response(null, { status, headers }));
  assert.equal(fault(401), undefined);
  assert.equal(fault(503, { "Retry-After": "5" }), undefined);
  for (const status of [200, 201, 429, 500, 502, 503]) assert.notEqual(fault(status), undefined);
});

Deno.test("a verifier that checks only signatures accepts bad claims, and no bad keys", async () => {
  const names = { issuer: "https://a.example", audience: "a", alg: "ES256", kid: "1" } as const;
  const target = await createIssuer({ ...names, subject: "person" });
  const forger = await createIssuer({ ...names, subject: "person" });
  const otherIssuer = await createIssuer({
    ...names,
    issuer: "https://b.example",
    subject: "other",
  });
  const plan = { target, forger, otherIssuer, attackerUrl: "http://127.0.0.1:1", roles: true };
  const tokens = await badTokensFor(plan);
  assert.equal(new Set(tokens.map(({ name }) => name)).size, tokens.length);
  const key = await crypto.subtle.importKey(
    "jwk",
    target.publicJwk as JsonWebKey,
    { name: "ECDSA", namedCurve: "P-256" },
    false,
    ["verify"],
  );
  const accepted: string[] = [];
  for (const { name, token } of tokens) {
    try {
      await jwtVerify(token, key, { currentDate: new Date(1) });
      accepted.push(name);
    } catch {
      // Refused.
    }
  }
  assert.ok(accepted.includes("issuer of another project"));
  assert.ok(accepted.includes("the service role"));
  for (const name of ["no signature", "the public key as a secret", "its own key"]) {
    assert.ok(!accepted.includes(name), name);
  }
  assert.ok((await jwtVerify(await target.sign({}), key)).payload.sub === "person");
});

Deno.test("upstream calls beyond the limit are faults", () => {
  assert.equal(costFigure("calls", 200, 5, 5).bad, 0);
  assert.equal(costFigure("calls", 200, 199, 5).bad, 194);
});

Deno.test("keys that are fetched from an attacker are counted", async () => {
  const attacker = publishKeys(
    await createIssuer({ issuer: "https://a.example", audience: "a" }),
  );
  await (await fetch(attacker.url)).body?.cancel();
  assert.equal(attacker.asked(), 1);
  await attacker.stop();
});
