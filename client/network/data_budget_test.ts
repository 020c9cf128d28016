import { equal, ok } from "node:assert/strict";
import {
  addReading,
  createTotal,
  EMPTY_METER,
  type Meter,
  overBudget,
  pace,
} from "./data_budget.ts";

/** A meter after some seconds at a steady pace. */
function metered(kbps: number, seconds: number, start: Meter = EMPTY_METER, from = 0): Meter {
  let meter = start;
  for (let second = 0; second <= seconds; second++) {
    meter = addReading(meter, (from + second) * 1000, second * kbps * 125);
  }
  return meter;
}

Deno.test("the meter continues after a reconnect, whose counters begin at zero", () => {
  const first = metered(800, 30);
  equal(first.bytes, 3_000_000);
  equal(metered(800, 30, first, 31).bytes, 6_000_000);
});

Deno.test("the total of a visit goes on after a reload and in the next call", () => {
  const total = createTotal(12);
  equal(total(0), 12);
  equal(total(3), 15);
  equal(total(5), 17);
  equal(total(1), 18);
  equal(total(2), 19);
});

Deno.test("the pace is that of the last minute, and unknown at first", () => {
  equal(pace(EMPTY_METER), null);
  equal(pace(metered(800, 10)), null);
  equal(Math.round(pace(metered(800, 120)) ?? 0), 360);
});

Deno.test("a budget is exceeded by the pace of the last minute, with a tolerance", () => {
  ok(!overBudget(metered(280, 60), 126));
  ok(!overBudget(metered(310, 60), 126));
  ok(overBudget(metered(400, 60), 126));
});
