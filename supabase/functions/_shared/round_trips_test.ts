import assert from "node:assert/strict";
import { countHop, withHops } from "./round_trips.ts";

const call = () => countHop(() => new Promise((resolve) => setTimeout(resolve, 1)));

Deno.test("calls one after the other are that many hops", async () => {
  await withHops(async (hops) => {
    await call();
    await call();
    assert.deepEqual([hops.calls, hops.hops], [2, 2]);
  });
});

Deno.test("calls side by side share a hop", async () => {
  await withHops(async (hops) => {
    await call();
    await Promise.all([call(), call()]);
    assert.deepEqual([hops.calls, hops.hops], [3, 2]);
  });
});

Deno.test("a failed call is a hop too", async () => {
  await withHops(async (hops) => {
    await assert.rejects(countHop(() => Promise.reject(new Error("down"))));
    await call();
    assert.equal(hops.hops, 2);
  });
});

Deno.test("requests under way at the same time are counted apart", async () => {
  const counts = await Promise.all([1, 3].map((n) =>
    withHops(async (hops) => {
      for (let i = 0; i < n; i++) await call();
      return hops.hops;
    })
  ));
  assert.deepEqual(counts, [1, 3]);
});
