import assert from "node:assert/strict";
import { exitCode, isGood, renderTable, Tally } from "./report.ts";

Deno.test("a bad figure, or one that tried nothing, gives exit code 1", () => {
  const tally = new Tally("check");
  const row = () => ({ ...tally.figure(), attack: "attack", seconds: 1 });
  assert.equal(isGood(tally.figure()), false);
  assert.equal(exitCode([row()]), 1);
  tally.add("here", undefined);
  assert.equal(exitCode([row()]), 0);
  tally.add("there", "broken");
  tally.add("there too", "broken");
  assert.equal(exitCode([row()]), 1);
  assert.match(renderTable([row()]), /\| attack +\| check +\| 3 +\| 2 +\| 1\.0 +\| BAD/);
  assert.match(renderTable([row()]), /broken \(2x, first: there\)/);
  assert.equal(exitCode([]), 1);
});
