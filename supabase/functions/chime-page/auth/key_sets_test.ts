import assert from "node:assert/strict";
import {
  claims,
  firebaseClaims,
  outcome,
  PATIENT,
  project,
  signer,
  stranger,
  withTokens,
} from "../testing/tokens.ts";

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
