import { type Count, countTests, type TestRun } from "./count_tests.ts";
import { type Job, runInLanes } from "./lanes.ts";
import { print } from "./run.ts";
import type { Group, GroupedTest } from "./test_groups.ts";

/** How the files of a suite are run. */
export interface SuiteOptions {
  readonly env?: Record<string, string>;
  /** Checks types too: by itself a suite leaves that to the check of all files at once. */
  readonly types?: boolean;
  /** Shows all that the files print; by itself only of those that failed. */
  readonly verbose?: boolean;
}

/** Tests that run side by side and are counted together. */
export interface Suite {
  /** Counts a run, and says how it ended. */
  report(name: string, run: Omit<TestRun, "seconds"> & { readonly seconds?: number }): void;
  /**
   * Runs the files, each in a process of its own: real calls two at a time, the others and
   * `more` beside them, the longest first; at last what is measured, with quick tests beside it.
   */
  run(tests: readonly GroupedTest[], more?: readonly Job[]): Promise<void>;
  readonly count: Count;
}

/**
 * Postgres in WebAssembly starts in half the time if it is not optimized on the way; no test runs long
 * enough to win that back. Calls do: their sound is encoded in WebAssembly.
 */
const BRIEF = ["--v8-flags=--liftoff-only"];
/**
 * Everything else yields to these: where sound and pictures come late, the page rightly takes that for
 * a poor network, and pauses the pictures.
 */
const REAL_CALLS: readonly Group[] = ["call", "measured"];

/** Starts with nothing counted. */
export function createSuite({ env = {}, types, verbose }: SuiteOptions = {}): Suite {
  let [passed, failed] = [0, 0];
  const suite: Suite = {
    report(name, run) {
      passed += run.passed;
      failed += run.failed;
      if (run.failed > 0 || verbose) print(run.output.trimEnd());
      const state = run.failed > 0 ? "FAILED" : "ok    ";
      const counts = run.failed > 0 ? `${run.failed} failed, ${run.passed}` : run.passed;
      const time = run.seconds === undefined ? "" : ` (${run.seconds.toFixed(1)} s)`;
      print(`${state} ${name}: ${counts} passed${time}`);
    },
    async run(tests, more = []) {
      const jobs = (group: Group) =>
        tests.filter((test) => test.group === group).map(({ file }): Job => async () =>
          suite.report(
            file,
            await countTests([file], {
              env,
              background: !REAL_CALLS.includes(group),
              flags: [
                ...(types ? [] : ["--no-check"]),
                ...(REAL_CALLS.includes(group) ? [] : BRIEF),
              ],
            }),
          )
        );
      // More than processors: what is tested is waited for most of the time, calls above all.
      const lanes = { all: navigator.hardwareConcurrency + 2, first: 2 };
      await runInLanes(lanes, jobs("call"), [...jobs("thorough"), ...more]);
      const measured = jobs("measured");
      // A single lane beside what is measured: a processor each.
      const beside = measured.length > 0 ? 2 : lanes.all;
      await runInLanes({ all: beside, first: 1 }, measured, jobs("quick"));
    },
    get count() {
      return { passed, failed };
    },
  };
  return suite;
}
