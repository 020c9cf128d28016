import { ok } from "node:assert/strict";
import { guarded } from "./guard.ts";

Deno.test("a callback that throws is caught and told", () => {
  const told: unknown[] = [];
  guarded(() => {
    throw new TypeError("x");
  }, (error) => told.push(error))();
  ok(told[0] instanceof TypeError);
});
