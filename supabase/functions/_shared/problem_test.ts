import assert from "node:assert/strict";
import { PROBLEM_NAMES, problemHeaders, problemStatus, problemType } from "./problem.ts";

Deno.test("every problem has an error status and a unique type", () => {
  assert.equal(new Set(PROBLEM_NAMES.map(problemType)).size, PROBLEM_NAMES.length);
  for (const name of PROBLEM_NAMES) {
    assert.ok(problemStatus(name) >= 400 && problemStatus(name) < 600, name);
  }
});

Deno.test("temporary problems say when to retry", () => {
  assert.deepEqual(problemHeaders({ name: "busy", retryAfterSeconds: 5 }), { "Retry-After": "5" });
  assert.deepEqual(
    problemHeaders({ name: "too-early", opensAt: new Date(0), retryAfterSeconds: 90 }),
    { "Retry-After": "90" },
  );
});

Deno.test("a method that is not allowed is answered with those that are", () => {
  assert.deepEqual(problemHeaders({ name: "method-not-allowed", allow: ["GET", "POST"] }), {
    Allow: "GET, POST",
  });
});
