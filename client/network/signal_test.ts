import { deepEqual, equal } from "node:assert/strict";
import { firstQuality } from "./quality_ladder.ts";
import { isReduced, type OwnReport, signalsOf } from "./signal.ts";

const GOOD: OwnReport = { rung: 2, poor: false, camera: true };

/** Bars and pause of the others, by what each reports. */
const signals = (own: OwnReport, ...others: readonly OwnReport[]) =>
  signalsOf("self", own, others.map((report, index) => [`a${index}`, report]), own.rung > 0)
    .map(({ bars, paused }) => `${bars}${paused ? " paused" : ""}`);

Deno.test("bars follow what each side reports, and a report of an older page counts as good", () => {
  const others = [
    GOOD,
    { ...GOOD, rung: 1, reduced: true },
    { ...GOOD, rung: 1, poor: true },
    { rung: 1, poor: false },
  ];
  deepEqual(signals(GOOD, ...others), ["3", "3", "2", "1", "3"]);
});

Deno.test("a video is paused by the network of either side, and never while its camera is off", () => {
  const weak: OwnReport = { rung: 0, poor: true, reduced: true, camera: true };
  deepEqual(signals(GOOD, weak), ["3", "1 paused"]);
  deepEqual(signals(weak, GOOD), ["1 paused", "3 paused"]);
  deepEqual(signals({ ...weak, camera: false }, { ...GOOD, camera: false }), ["1", "3"]);
  deepEqual(signals(GOOD, { rung: 0, poor: true }), ["3", "1"]);
});

Deno.test("less data by choice is not a weak connection", () => {
  equal(isReduced(firstQuality(1), 1), false);
  equal(isReduced(firstQuality(0), 0), false);
  equal(isReduced(firstQuality(2), 3), false);
  equal(isReduced(firstQuality(1), 3), true);
});
