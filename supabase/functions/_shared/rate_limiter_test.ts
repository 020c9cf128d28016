import assert from "node:assert/strict";
import { createRateLimiter } from "./rate_limiter.ts";

Deno.test("an empty rate limiter says when the next token is available", () => {
  let time = 0;
  const limiter = createRateLimiter({ size: 2, perSecond: 0.5, now: () => time });
  assert.deepEqual([limiter.take(), limiter.take(), limiter.take()], [0, 0, 2]);
  time = 1_000;
  assert.equal(limiter.take(), 1);
  time = 2_000;
  assert.deepEqual([limiter.take(), limiter.take()], [0, 2]);
});

Deno.test("a returned token can be taken again, and never exceeds the capacity", () => {
  const limiter = createRateLimiter({ size: 1, perSecond: 1, now: () => 0 });
  limiter.giveBack();
  assert.deepEqual([limiter.take(), limiter.take()], [0, 1]);
  limiter.giveBack();
  assert.deepEqual([limiter.take(), limiter.take()], [0, 1]);
});

Deno.test("a clock that is set back removes no tokens", () => {
  let time = 10_000;
  const limiter = createRateLimiter({ size: 1, perSecond: 1, now: () => time });
  time = 0;
  assert.equal(limiter.take(), 0);
});
