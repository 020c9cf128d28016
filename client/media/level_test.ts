import { equal, ok } from "node:assert/strict";
import { loudness } from "./level.ts";

Deno.test("the level is 0 for silence, in the middle for a voice, and near 100 for a shout", () => {
  const wave = (height: number) =>
    Uint8Array.from({ length: 512 }, (_, at) => Math.round(128 + height * Math.sin(at / 5)));
  equal(loudness(wave(0)), 0);
  ok(loudness(wave(6)) > 30 && loudness(wave(6)) < 70);
  ok(loudness(wave(127)) > 90);
});
