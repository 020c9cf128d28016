import { equal } from "node:assert/strict";
import { duration } from "../contract/durations.ts";
import { LANGUAGES } from "../contract/languages.ts";
import { referenceOf } from "./reference.ts";

Deno.test("a long wait is said in words with units, and the last ten minutes to the second", () => {
  const table: readonly [seconds: number, text: string][] = [
    [3 * 86_400 + 5 * 3600 + 59, "3 d 5 h"],
    [86_400, "1 d"],
    [2 * 3600 + 33 * 60, "2 h 33 min"],
    [2 * 3600 + 32 * 60 + 1, "2 h 33 min"],
    [3600, "1 h"],
    [59 * 60 + 1, "1 h"],
    [25 * 60, "25 min"],
    [601, "11 min"],
    [600, "10:00"],
    [599, "9:59"],
    [61, "1:01"],
    [5, "0:05"],
    [0, "0:00"],
  ];
  for (const [seconds, text] of table) equal(duration(seconds, "en"), text);
});

Deno.test("every language has its own units, with Western digits", () => {
  const said = LANGUAGES.map((language) => duration(2 * 3600 + 33 * 60, language));
  equal(said.join(", "), "2 h 33 min, 2 h 33 min, 2 س 33 د, 2 h 33 min, 2 h 33 min, saa 2 dak 33");
  equal(duration(86_400, "fr"), "1 j");
});

Deno.test("a reference is the start of the request id, in two groups", () => {
  equal(referenceOf("0c7f9e2a-1111-4000-8000-000000000000"), "0C7F-9E2A");
  equal(referenceOf("<r-1>"), "R1");
});
