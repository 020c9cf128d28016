import type { Count } from "./count_tests.ts";
import { prepare } from "./prepare.ts";
import { print } from "./run.ts";
import { createSuite } from "./suite.ts";
import { findTests } from "./test_groups.ts";

/**
 * `deno task test:sdk`: every test that runs the SDK in a browser, once on the deployed file and once
 * on the whole SDK, to prove that nothing is missing. `cut` or `uncut` runs only one half; further
 * arguments choose files.
 */
const SUITES = [
  "tests/chime",
  "tests/page",
  "tests/browser",
  "tests/ops/cloudfront_proxy_page_test.ts",
  "tests/sdk/browser_test.ts",
];
const KINDS = { cut: "the deployed file", uncut: "the whole SDK" } as const;
type Kind = keyof typeof KINDS;

const isKind = (text: string | undefined): text is Kind => text !== undefined && text in KINDS;
const [first, ...rest] = Deno.args;
const kinds: readonly Kind[] = isKind(first) ? [first] : ["cut", "uncut"];
const files = isKind(first) ? rest : Deno.args;
const tests = await findTests(files.length > 0 ? files : SUITES);

await prepare();
const counts = new Map<Kind, Count>();
for (const kind of kinds) {
  print(`\nOn ${KINDS[kind]}:`);
  const suite = createSuite({ env: { CHIME_PAGE_SDK: kind } });
  await suite.run(tests);
  counts.set(kind, suite.count);
}
print("");
for (const [kind, { passed, failed }] of counts) {
  print(`${KINDS[kind]}: ${passed} passed, ${failed} failed`);
}
Deno.exit([...counts.values()].every(({ passed, failed }) => passed > 0 && failed === 0) ? 0 : 1);
