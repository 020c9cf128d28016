import { checkAll, CHECKS } from "./check.ts";
import { preparePlatform } from "../tests/support/platform.ts";
import { type Count, countTests } from "./count_tests.ts";
import { print } from "./run.ts";

/**
 * `deno task test`: the checks, all tests on this Deno, and the function's own tests on the
 * platform's Deno from a copy of `supabase/` alone. Arguments choose files, e.g.
 * `deno task test tests/http`; then only those run. Ends with `N passed, N failed`.
 */
const chosen = Deno.args;
const counts: Count[] = [];
if (chosen.length === 0) {
  const failed = await checkAll();
  counts.push({ passed: CHECKS - failed.length, failed: failed.length });
}
// Each by name: asked for `supabase`, a workspace's runner looks into its member and passes `_shared`.
const everything = ["supabase/functions/_shared", "supabase/functions/chime-page", "tests"];
counts.push(await countTests(chosen.length > 0 ? chosen : everything));
if (chosen.length === 0) {
  print("\nThe function's own tests on the platform's Deno, from a copy of supabase/ alone:");
  const platform = await preparePlatform();
  try {
    counts.push(
      await countTests([`${platform.supabaseDir}/functions`], {
        deno: platform.deno,
        flags: platform.flags,
        cwd: platform.supabaseDir,
        // Builders behind a proxy trust its certificate by the system's store, as 2.9 does by itself.
        env: { DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "mozilla,system" },
      }),
    );
  } finally {
    await platform.remove();
  }
}
const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
print(`\n${sum("passed")} passed, ${sum("failed")} failed`);
Deno.exit(sum("failed") === 0 ? 0 : 1);
