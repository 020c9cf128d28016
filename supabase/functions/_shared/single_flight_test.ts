import assert from "node:assert/strict";
import { singleFlight } from "./single_flight.ts";

function counter() {
  const count = { calls: 0, time: 0 };
  const work = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return ++count.calls;
  };
  return { count, work };
}

Deno.test("concurrent calls with the same key are merged, and other keys are separate", async () => {
  const { count, work } = counter();
  const flight = singleFlight<number>();
  const answers = await Promise.all([flight("a", work), flight("a", work), flight("b", work)]);
  assert.equal(count.calls, 2);
  assert.equal(answers[0], answers[1]);
  await flight("a", work);
  assert.equal(count.calls, 3, "a later call is made again");
});

Deno.test("a failed call fails for everyone waiting for it, but not for the next caller", async () => {
  const flight = singleFlight<number>();
  const fail = () => Promise.reject(new Error("down"));
  await Promise.all([flight("a", fail), flight("a", fail)].map((one) => assert.rejects(one)));
  assert.equal(await flight("a", () => Promise.resolve(7)), 7);
});

Deno.test("a result is reused until it expires", async () => {
  const { count, work } = counter();
  const flight = singleFlight<number>({
    keepMs: 100,
    keep: (answer) => answer !== 2,
    now: () => count.time,
  });
  assert.equal(await flight("a", work), 1);
  count.time = 99;
  assert.equal(await flight("a", work), 1);
  count.time = 100;
  assert.equal(await flight("a", work), 2);
  assert.equal(await flight("a", work), 3, "the second result was not cached");
});

Deno.test("after the given number of calls the last result is reused", async () => {
  const { count, work } = counter();
  const flight = singleFlight<number>({
    keepMs: 100,
    calls: 2,
    keep: () => true,
    now: () => count.time,
  });
  assert.equal(await flight("a", work), 1);
  assert.equal(await flight("a", work), 2, "the first repetition makes another call");
  assert.equal(await flight("a", work), 2);
  count.time = 100;
  assert.equal(await flight("a", work), 3);
});
