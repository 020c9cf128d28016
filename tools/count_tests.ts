import { runDeno } from "./run.ts";

/** How many tests passed and failed. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Runs `deno test` and reads its counts from the JUnit report it writes. */
export async function countTests(
  paths: readonly string[],
  options: Parameters<typeof runDeno>[1] & { readonly flags?: readonly string[] } = {},
): Promise<Count> {
  const { flags = [], ...run } = options;
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const succeeded = await runDeno(
      ["test", "-A", "--quiet", `--junit-path=${report}`, ...flags, ...paths],
      run,
    );
    const [, tests = "0", failures = "0", errors = "0"] =
      /<testsuites[^>]* tests="(\d+)"[^>]* failures="(\d+)"[^>]* errors="(\d+)"/
        .exec(await Deno.readTextFile(report)) ?? [];
    const failed = Number(failures) + Number(errors);
    return {
      passed: Number(tests) - failed,
      // A file that could not even be loaded fails the run and is in no count.
      failed: succeeded ? failed : Math.max(1, failed),
    };
  } finally {
    await Deno.remove(report);
  }
}
