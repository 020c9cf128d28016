import assert from "node:assert/strict";
import { type RetryClock, retryWithin } from "./retry.ts";

/** A clock that only moves when somebody sleeps or works. */
function virtualClock(random: number): RetryClock & { time: number; pauses: number[] } {
  const clock = {
    time: 0,
    pauses: [] as number[],
    now: () => clock.time,
    random: () => random,
    sleep: (ms: number) => {
      clock.pauses.push(ms);
      clock.time += ms;
      return Promise.resolve();
    },
  };
  return clock;
}

const rule = { deadlineMs: 8_000, baseMs: 250, capMs: 2_000 };

Deno.test("a call that works is made once", async () => {
  const clock = virtualClock(0.5);
  let attempts = 0;
  const outcome = await retryWithin(rule, clock, () => Promise.resolve(++attempts), () => false);
  assert.equal(outcome, 1);
  assert.deepEqual(clock.pauses, []);
});

Deno.test("pauses double up to their cap and are never zero", async () => {
  const clock = virtualClock(0);
  let attempts = 0;
  await retryWithin(rule, clock, () => Promise.resolve(++attempts), (n) => n < 6);
  assert.deepEqual(clock.pauses, [62.5, 125, 250, 500, 500]);
});

Deno.test("no attempt begins after the deadline, and the last outcome is answered", async () => {
  const clock = virtualClock(0.999);
  const lefts: number[] = [];
  const outcome = await retryWithin(rule, clock, (left) => {
    lefts.push(left);
    clock.time += 1_000;
    return Promise.resolve(lefts.length);
  }, () => true);
  assert.equal(outcome, lefts.length);
  assert.ok(clock.time <= rule.deadlineMs + 1_000, `gave up at ${clock.time} ms`);
  assert.ok(lefts.every((left) => left > 0 && left <= rule.deadlineMs));
  assert.ok(lefts.length >= 4);
});
