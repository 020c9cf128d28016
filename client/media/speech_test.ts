import { equal } from "node:assert/strict";
import { createSpeechDetector } from "./speech.ts";

/** Whether speech is detected anywhere in these levels, ten a second. */
function detects(levels: readonly number[]): boolean {
  const detect = createSpeechDetector();
  return levels.map(detect).includes(true);
}
const seconds = (count: number, level: (index: number) => number) =>
  Array.from({ length: count * 10 }, (_, index) => level(index));
/** Syllables with gaps, as in speech. */
const syllables = (loud: number) => (index: number) => index % 4 === 3 ? 20 : loud;

Deno.test("somebody who speaks for about a second is detected", () => {
  equal(detects([...seconds(2, () => 12), ...seconds(1, syllables(62))]), true);
  // Also if they were speaking already.
  equal(detects(seconds(2, syllables(62))), true);
});

Deno.test("a quiet room, a cough and a door are not speech", () => {
  equal(detects(seconds(30, (index) => 8 + index % 9)), false);
  equal(
    detects([...seconds(3, () => 12), ...seconds(0.5, () => 80), ...seconds(3, () => 12)]),
    false,
  );
});

Deno.test("steady noise, such as a generator's, is not speech", () => {
  equal(detects(seconds(30, (index) => 58 + index % 7)), false);
});

Deno.test("speech is detected above steady noise", () => {
  const noisy = [...seconds(3, () => 50), ...seconds(2, (index) => index % 4 === 3 ? 50 : 72)];
  equal(detects(noisy), true);
});
