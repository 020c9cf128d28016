import { ENGINES } from "../tests/engines/engines.ts";
import { prepare } from "./prepare.ts";
import { print } from "./run.ts";
import { createSuite } from "./suite.ts";
import { findTests } from "./test_groups.ts";

/**
 * `deno task test:engines`: a call in every other browser engine that this machine has, and what comes
 * before the call in those without calls. Names of engines choose some. Ends with
 * `N passed, N failed`; an engine that is not installed is neither, but is named.
 */
const chosen = ENGINES.filter(({ id }) => Deno.args.length === 0 || Deno.args.includes(id));
const unknown = Deno.args.filter((id) => !ENGINES.some((one) => one.id === id));
if (unknown.length > 0) {
  throw new Error(`Unknown: ${unknown}. Engines: ${ENGINES.map(({ id }) => id).join(", ")}`);
}
const missing = new Map(
  chosen.flatMap(({ id, missing }) => missing === undefined ? [] : [[id, missing]]),
);
const run = chosen.filter(({ id }) => !missing.has(id));
const suite = createSuite({ engines: true });
await prepare();
await suite.run(
  run.length > 0 ? await findTests(run.map(({ id }) => `tests/engines/${id}_test.ts`)) : [],
);
print(`\nEngines run: ${run.map(({ name }) => name).join(", ") || "none"}`);
for (const { id, name } of chosen) {
  if (missing.has(id)) print(`Not run: ${name} (needs ${missing.get(id)})`);
}
const { passed, failed } = suite.count;
print(`\n${passed} passed, ${failed} failed`);
// An engine that was asked for by name must run.
const refused = Deno.args.length > 0 && missing.size > 0;
Deno.exit(failed === 0 && !refused ? 0 : 1);
