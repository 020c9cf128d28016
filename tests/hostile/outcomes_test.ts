import assert from "node:assert/strict";
import { apartFault, orphans } from "./ends.ts";
import { endedFault, joinedFault } from "./kill_flows.ts";
import { rushFigures } from "./rush.ts";
import { openingFault, spentFault, strangerFault } from "./spends.ts";

Deno.test("a link that is spent twice, not at all, or by another person is a fault", () => {
  assert.equal(spentFault(1), undefined);
  assert.notEqual(spentFault(0), undefined);
  assert.notEqual(spentFault(2), undefined);
  assert.notEqual(spentFault(2, true), undefined);
  assert.equal(spentFault(0, true), undefined);
  assert.equal(openingFault(503), undefined);
  assert.notEqual(openingFault(500), undefined);
  assert.equal(strangerFault({ participantId: "a" }, null), undefined);
  assert.equal(
    strangerFault({ participantId: "a" }, { participantId: "a", session: "" }),
    undefined,
  );
  assert.notEqual(
    strangerFault({ participantId: "a" }, { participantId: "b", session: "" }),
    undefined,
  );
});

Deno.test("orphaned meetings and people in different meetings are faults", () => {
  assert.deepEqual(orphans(new Set(["a", "b"]), new Set(["a"])), ["b"]);
  assert.equal(apartFault(["a", "a", "ended", null], new Set(["a"])), undefined);
  assert.notEqual(apartFault(["a", "b"], new Set(["a", "b"])), undefined);
});

Deno.test("what is not healed after a crash is a fault", () => {
  const right = { mine: "a", patients: "a", made: ["a"], live: new Set(["a"]) };
  assert.equal(joinedFault(right), undefined);
  for (
    const wrong of [
      { ...right, made: ["a", "b"] },
      { ...right, live: new Set<string>() },
      { ...right, patients: "b" },
      { ...right, patients: undefined },
    ]
  ) assert.notEqual(joinedFault(wrong), undefined);
  assert.equal(endedFault(204, new Set()), undefined);
  assert.notEqual(endedFault(502, new Set()), undefined);
  assert.notEqual(endedFault(204, new Set(["a"])), undefined);
});

Deno.test("people outside the call, people in different meetings and spare meetings are faults", () => {
  const at = (meetingId?: string) => ({ meetingId, seconds: 1 });
  const bad = (visits: Parameters<typeof rushFigures>[0], live: readonly string[]) =>
    rushFigures(visits, new Set(live)).map((figure) => figure.bad);
  assert.deepEqual(bad([[at("a"), at("a")]], ["a"]), [0, 0, 0]);
  assert.deepEqual(bad([[at("a"), at()]], ["a"]), [1, 1, 0]);
  assert.deepEqual(bad([[at("a"), at("b")]], ["a", "b"]), [0, 1, 1]);
  assert.deepEqual(bad([[at("a"), at("a")]], []), [2, 0, 1]);
});
