import { ok } from "node:assert/strict";
import { guarded } from "./guard.ts";

Deno.test("an error in a callback is caught and reported", () => {
  const told: unknown[] = [];
  guarded(() => {
    throw new TypeError("x");
  }, (error) => told.push(error))();
  ok(told[0] instanceof TypeError);
});
