/** From one clinic to a nation: what Chime's quotas allow, and which quotas are needed. */
import { DEFAULT_LIMITS } from "../dev/chime/limits.ts";
import { table } from "../sdk/sizes.ts";
import { record } from "../tools/figures.ts";
import { type RushResult, simulateRush } from "./support/rush.ts";

const VISITS_AN_HOUR = [250, 500, 750, 1_000, 2_500, 5_000, 10_000, 20_000];
/** With the quotas that a load needs, everybody is in within this time. */
const GOOD_SECONDS = 5;
const RATES = [10, 15, 20, 30, 40, 50, 75, 100, 150, 200];

/** The lowest rate, at least `from`, with which nobody waits, and how that went. */
async function needed(visits: number, from: number): Promise<[number, RushResult] | undefined> {
  for (const requestsPerSecond of RATES.filter((rate) => rate >= from)) {
    const quotas = { requestsPerSecond, burst: 2 * requestsPerSecond, activeMeetings: Infinity };
    const result = await simulateRush(visits, quotas);
    if (result.outside === 0 && result.slowest <= GOOD_SECONDS) return [requestsPerSecond, result];
  }
  return undefined;
}

const rows: string[][] = [];
let least = 0;
for (const visits of VISITS_AN_HOUR) {
  const today = await simulateRush(visits, DEFAULT_LIMITS);
  const [rate, result] = await needed(visits, least) ?? [];
  least = rate ?? least;
  rows.push([
    visits.toLocaleString("en"),
    `${(100 * today.outside / today.people).toFixed(1)} %`,
    today.slowest.toFixed(0),
    result?.activeMeetings.toLocaleString("en") ?? "",
    rate === undefined ? `more than ${RATES.at(-1)}` : String(rate),
    result?.slowest.toFixed(1) ?? "",
    result?.invocations.toLocaleString("en") ?? "",
  ]);
}
await record(
  "bench:scale",
  `A simulation in virtual time, not a measurement of an account. Its assumptions stand in
\`benchmarks/support/rush.ts\`.

${
    table([
      "visits an hour",
      "not in, with default quotas",
      "slowest, s",
      "meetings needed",
      "requests a second needed",
      "slowest then, s",
      "function calls in the busiest second",
    ], rows)
  }`,
);
