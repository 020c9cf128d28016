import type { Random } from "../support/random.ts";

/** A visit and what opens it. */
export interface FixtureVisit {
  readonly id: string;
  readonly tokens: readonly [string, ...string[]];
  readonly sessions: readonly [string, ...string[]];
  readonly passes: readonly [string, ...string[]];
}

/** Numbers as JSON may write them, ordinary ones first. */
const NUMBERS = [
  "0",
  "812",
  "1.5",
  "-0",
  "1e-400",
  "1e308",
  "-1e308",
  "1e400",
  "5e-324",
  "1.7976931348623157e308",
  "9007199254740993",
  "0.1000000000000000055511151231257827",
  "604800000",
  "604800001",
  "NaN",
  "0x10",
] as const;

/** 24 characters as JavaScript writes it, 327 in decimal. */
const LONGEST_NUMBER = "-2.2250738585072014e-308";

/** A batch of events as text: valid ones, and ones that are odd in every place. */
export function eventsBody(random: Random, visit: FixtureVisit, canary: string): string {
  const session = random.pick([
    ...visit.sessions,
    ...visit.sessions,
    "a".repeat(43),
    canary,
  ]);
  const texts = [
    "ok",
    canary,
    "",
    "a".repeat(64),
    "a".repeat(65),
    "she has a fever",
    "\\u0000",
    "\\ud800",
    "\u202e",
    "__proto__",
    `</script>${canary}`,
  ] as const;
  // Half of the batches are valid except for their numbers: those reach the database.
  const tidy = random.chance(0.5);
  // Some of them are as large as allowed, and longer still as the database writes them.
  const largest = tidy && random.chance(0.2);
  const value = () =>
    largest ? LONGEST_NUMBER : tidy ? random.pick(NUMBERS) : random.pick([
      random.pick(NUMBERS),
      random.pick(NUMBERS),
      `"${random.pick(texts)}"`,
      "true",
      "null",
      "[]",
      "{}",
    ]);
  const key = (place: number) =>
    tidy
      ? `k${place}`.padEnd(largest ? 32 : 0, "k")
      : random.pick(["ms", "__proto__", "constructor", "toString", "", "a".repeat(33)]);
  const data = () => {
    const length = largest ? 12 : random.below(tidy ? 13 : 4);
    return `{${Array.from({ length }, (_, i) => `"${key(i)}":${value()}`).join(",")}}`;
  };
  const event = () => {
    const name = tidy || random.chance(0.7)
      ? random.pick(["joined", "sdk-loaded", "rating", "left"])
      : random.pick(texts);
    const at = tidy || random.chance(0.7) ? String(random.below(100_000)) : random.pick(NUMBERS);
    return `{"name":"${name}","at":${at}${random.chance(0.7) ? `,"data":${data()}` : ""}}`;
  };
  const length = random.chance(0.97) ? 1 + random.below(2) : random.pick([0, 50, 51, 600]);
  const events = Array.from({ length }, event).join(",");
  const more = random.chance(0.1) ? `,"__proto__":{"session":"${canary}"}` : "";
  return `{"session":"${session}","events":[${events}]${more}}`;
}

/** A form as a host app posts it: valid ones, and ones with repeated, odd or unknown fields. */
export function formBody(random: Random, visit: FixtureVisit, canary: string): string {
  const value = encodeURIComponent(random.pick([
    ...visit.tokens,
    ...visit.sessions,
    ...visit.passes,
    canary,
    `${canary}"><b>`,
    "\u0000",
    "",
  ]));
  const name = () => random.pick(["access_token", "session", "pass", "__proto__", canary, "%", ""]);
  return Array.from({ length: 1 + random.below(3) }, () => `${name()}=${value}`).join("&");
}

/** Bodies that no route accepts: other shapes, broken text, too much of it. */
export function oddBody(random: Random, canary: string): Uint8Array | string {
  return random.pick([
    "",
    "{",
    "null",
    "[]",
    `"${canary}"`,
    `{"__proto__":{"polluted":"${canary}"},"constructor":{"prototype":{"x":1}}}`,
    "[".repeat(10_000),
    `{"session":{"$ne":null},"events":{"length":1}}`,
    new Uint8Array([0xff, 0xfe, 0x00, 0xd8, 0x80, 0x81]),
    new TextEncoder().encode(`\ufeff{"session":"${canary}"}`),
    `--x\r\nContent-Disposition: form-data; name="pass"\r\n\r\n${canary}\r\n--x--\r\n`,
    canary.repeat(3_200),
    canary.repeat(5_000),
  ]);
}
