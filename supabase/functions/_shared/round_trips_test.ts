import assert from "node:assert/strict";
import { countRoundTrip, withRoundTrips } from "./round_trips.ts";

const call = () => countRoundTrip(() => new Promise((resolve) => setTimeout(resolve, 1)));

Deno.test("calls one after the other are that many round trips", async () => {
  await withRoundTrips(async (cost) => {
    await call();
    await call();
    assert.deepEqual([cost.calls, cost.roundTrips], [2, 2]);
  });
});

Deno.test("calls side by side share a round trip", async () => {
  await withRoundTrips(async (cost) => {
    await call();
    await Promise.all([call(), call()]);
    assert.deepEqual([cost.calls, cost.roundTrips], [3, 2]);
  });
});

Deno.test("a failed call is a round trip too", async () => {
  await withRoundTrips(async (cost) => {
    await assert.rejects(countRoundTrip(() => Promise.reject(new Error("down"))));
    await call();
    assert.equal(cost.roundTrips, 2);
  });
});

Deno.test("requests under way at the same time are counted apart", async () => {
  const counts = await Promise.all([1, 3].map((n) =>
    withRoundTrips(async (cost) => {
      for (let i = 0; i < n; i++) await call();
      return cost.roundTrips;
    })
  ));
  assert.deepEqual(counts, [1, 3]);
});
