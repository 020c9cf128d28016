import assert from "node:assert/strict";
import type { Deadline } from "./deadline.ts";
import { retryWithin } from "./retry.ts";

/** A clock that advances only by sleeping or working, and a deadline measured with it. */
function virtualClock(random: number) {
  const clock = {
    time: 0,
    pauses: [] as number[],
    random: () => random,
    sleep: (ms: number) => {
      clock.pauses.push(ms);
      clock.time += ms;
      return Promise.resolve();
    },
  };
  const deadline: Deadline = {
    leftMs: () => Math.max(0, 8_000 - clock.time),
    signal: new AbortController().signal,
  };
  return { clock, deadline };
}

const rule = { baseMs: 250, capMs: 2_000 };

Deno.test("a successful call is made once", async () => {
  const { clock, deadline } = virtualClock(0.5);
  let attempts = 0;
  const attempt = () => Promise.resolve(++attempts);
  assert.equal(await retryWithin(rule, clock, deadline, attempt, () => false), 1);
  assert.deepEqual(clock.pauses, []);
});

Deno.test("pauses double up to their cap and are never zero", async () => {
  const { clock, deadline } = virtualClock(0);
  let attempts = 0;
  await retryWithin(rule, clock, deadline, () => Promise.resolve(++attempts), (n) => n < 6);
  assert.deepEqual(clock.pauses, [62.5, 125, 250, 500, 500]);
});

Deno.test("no attempt starts after the deadline, and the last result is returned", async () => {
  const { clock, deadline } = virtualClock(0.999);
  const began: number[] = [];
  const outcome = await retryWithin(rule, clock, deadline, () => {
    began.push(clock.time);
    clock.time += 1_000;
    return Promise.resolve(began.length);
  }, () => true);
  assert.equal(outcome, began.length);
  assert.ok(began.every((time) => time < 8_000));
  assert.ok(began.length >= 4);
});

Deno.test("a deadline that is almost used up leaves one attempt and no pause", async () => {
  const { clock, deadline } = virtualClock(0);
  clock.time = 7_990;
  let attempts = 0;
  await retryWithin(rule, clock, deadline, () => Promise.resolve(++attempts), () => true);
  assert.deepEqual([attempts, clock.pauses], [1, []]);
});
