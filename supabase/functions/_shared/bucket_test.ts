import assert from "node:assert/strict";
import { createBucket } from "./bucket.ts";

Deno.test("a bucket gives what it holds, then says when there will be more", () => {
  let time = 0;
  const bucket = createBucket({ size: 2, perSecond: 0.5, now: () => time });
  assert.deepEqual([bucket.take(), bucket.take(), bucket.take()], [0, 0, 2]);
  time = 1_000;
  assert.equal(bucket.take(), 1);
  time = 2_000;
  assert.deepEqual([bucket.take(), bucket.take()], [0, 2]);
});

Deno.test("what is given back can be taken again, and never more than the bucket holds", () => {
  const bucket = createBucket({ size: 1, perSecond: 1, now: () => 0 });
  bucket.giveBack();
  assert.deepEqual([bucket.take(), bucket.take()], [0, 1]);
  bucket.giveBack();
  assert.deepEqual([bucket.take(), bucket.take()], [0, 1]);
});

Deno.test("a clock that is set back takes nothing away", () => {
  let time = 10_000;
  const bucket = createBucket({ size: 1, perSecond: 1, now: () => time });
  time = 0;
  assert.equal(bucket.take(), 0);
});
