import assert from "node:assert/strict";
import { looseTest } from "../support/sanitizers.ts";
import { ATTACKS } from "./attacks.ts";
import { isGood, renderTable } from "./report.ts";

/** Fixed, so that a failure can be repeated. `deno task hostile` takes another seed every time. */
const SEED = 1;

for (const [attack, run] of Object.entries(ATTACKS)) {
  looseTest(`the short form of the attack "${attack}" finds nothing`, async () => {
    const figures = await run({ seed: SEED, short: true });
    const rows = figures.map((figure) => ({ ...figure, attack, seconds: 0 }));
    assert.ok(figures.length > 0 && figures.every(isGood), `\n${renderTable(rows)}`);
  });
}
