import { deepEqual } from "node:assert/strict";
import { readProblem } from "./api.ts";

Deno.test("a problem document is read by its name, with its text for the person", () => {
  deepEqual(
    readProblem({ type: "https://x.example/problems/visit-over", title: "Over", detail: "Gone" }),
    { ok: false, problem: "visit-over", title: "Over", nextStep: "Gone" },
  );
  deepEqual(readProblem("<html>"), { ok: false, problem: "network" });
});
