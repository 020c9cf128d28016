/**
 * `deno task test`: the checks, all tests on this Deno, and the function's own tests on the
 * platform's Deno from a copy of `supabase/` alone.
 *
 *   deno task test tests/http    runs these files or folders only, and shows all that they print
 *   deno task test:quick         runs the tests that need neither a browser nor real-time media
 *
 * Ends with `N passed, N failed`.
 */
import { type Platform, preparePlatform } from "../tests/support/platform.ts";
import { type Check, CHECK_NAMES, runCheck } from "./check.ts";
import { countTests } from "./count_tests.ts";
import { runInLanes } from "./lanes.ts";
import { prepare } from "./prepare.ts";
import { print } from "./run.ts";
import { createSuite } from "./suite.ts";
import { findTests } from "./test_groups.ts";

const quick = Deno.args.includes("--quick");
const chosen = Deno.args.filter((argument) => argument !== "--quick");
const suite = createSuite(chosen.length > 0 ? { types: true, engines: true, verbose: true } : {});

const check = (name: Check) => async () => {
  const { success, output } = await runCheck(name);
  suite.report(`check: ${name}`, { passed: +success, failed: +!success, output });
};

/** The function's own tests, on the platform's Deno. */
const testOnPlatform = (preparing: Promise<Platform>) => async () => {
  const name = "supabase/ alone on the platform's Deno";
  let platform: Platform;
  try {
    platform = await preparing;
  } catch (error) {
    return suite.report(name, { passed: 0, failed: 1, output: String(error) });
  }
  try {
    const run = await countTests([`${platform.supabaseDir}/functions`], {
      deno: platform.deno,
      flags: platform.flags,
      cwd: platform.supabaseDir,
      // For a proxy's certificate in the system's store, which Deno 2.9 trusts by default.
      env: { DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "mozilla,system" },
    });
    suite.report(name, run);
  } finally {
    await platform.remove();
  }
};

const tests = await findTests(chosen);
if (quick) {
  await suite.run(tests.filter(({ group }) => group === "quick"));
} else if (chosen.length > 0) {
  if (tests.some(({ group }) => group !== "quick")) await prepare();
  await suite.run(tests);
} else {
  // Before the tests, because a compiler beside real calls would make them late.
  const checking = runInLanes({ all: 1, first: 1 }, CHECK_NAMES.map(check), []);
  const platform = preparePlatform();
  await Promise.allSettled([checking, prepare(), platform]);
  await suite.run(tests, [testOnPlatform(platform)]);
}
const { passed, failed } = suite.count;
print(`\n${passed} passed, ${failed} failed`);
Deno.exit(passed > 0 && failed === 0 ? 0 : 1);
