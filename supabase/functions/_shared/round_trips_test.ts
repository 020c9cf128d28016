import assert from "node:assert/strict";
import { countRoundTrip, withRoundTrips } from "./round_trips.ts";

const call = () => countRoundTrip(() => new Promise((resolve) => setTimeout(resolve, 1)));

Deno.test("sequential calls are one round trip each", async () => {
  await withRoundTrips(async (cost) => {
    await call();
    await call();
    assert.deepEqual([cost.calls, cost.roundTrips], [2, 2]);
  });
});

Deno.test("concurrent calls share a round trip", async () => {
  await withRoundTrips(async (cost) => {
    await call();
    await Promise.all([call(), call()]);
    assert.deepEqual([cost.calls, cost.roundTrips], [3, 2]);
  });
});

Deno.test("a failed call counts as a round trip", async () => {
  await withRoundTrips(async (cost) => {
    await assert.rejects(countRoundTrip(() => Promise.reject(new Error("down"))));
    await call();
    assert.equal(cost.roundTrips, 2);
  });
});

Deno.test("concurrent requests are counted separately", async () => {
  const counts = await Promise.all([1, 3].map((n) =>
    withRoundTrips(async (cost) => {
      for (let i = 0; i < n; i++) await call();
      return cost.roundTrips;
    })
  ));
  assert.deepEqual(counts, [1, 3]);
});
