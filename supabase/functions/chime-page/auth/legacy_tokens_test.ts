import assert from "node:assert/strict";
import { legacy, outcome, PATIENT, seconds, withTokens } from "../testing/tokens.ts";

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
