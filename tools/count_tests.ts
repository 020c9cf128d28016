import { runDeno, type RunOptions } from "./run.ts";

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export interface TestRun extends Count {
  readonly seconds: number;
  readonly output: string;
}

/** Longer than any test file takes on the slowest machine. */
const LIMIT_MS = 15 * 60_000;

/** Runs `deno test` and reads its counts from the JUnit report it writes. */
export async function countTests(
  paths: readonly string[],
  options: RunOptions & { readonly flags?: readonly string[] } = {},
): Promise<TestRun> {
  const { flags = [], ...run } = options;
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const began = performance.now();
  try {
    const { success, output } = await runDeno(
      ["test", "-A", "--quiet", `--junit-path=${report}`, ...flags, ...paths],
      { limitMs: LIMIT_MS, ...run },
    );
    const [, tests = "0", failures = "0", errors = "0"] =
      /<testsuites[^>]* tests="(\d+)"[^>]* failures="(\d+)"[^>]* errors="(\d+)"/
        .exec(await Deno.readTextFile(report)) ?? [];
    const failed = Number(failures) + Number(errors);
    const passed = Number(tests) - failed;
    return {
      passed,
      // A file that could not be loaded or that ended early is not counted as a test; a file without
      // any test fails too.
      failed: success && passed > 0 ? failed : Math.max(1, failed),
      seconds: (performance.now() - began) / 1000,
      output,
    };
  } finally {
    await Deno.remove(report);
  }
}
