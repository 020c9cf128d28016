import { type Count, countTests, type TestRun } from "./count_tests.ts";
import { type Job, runInLanes } from "./lanes.ts";
import { print } from "./run.ts";
import type { Group, GroupedTest } from "./test_groups.ts";

export interface SuiteOptions {
  readonly env?: Record<string, string>;
  /** Checks types too; by default that is left to the check of all files at once. */
  readonly types?: boolean;
  /** Runs the tests of other engines too. */
  readonly engines?: boolean;
  /** Shows the output of all files; by default only of those that failed. */
  readonly verbose?: boolean;
}

/**
 * Without optimizing WebAssembly, Postgres starts in half the time. Calls are long enough to profit
 * from the optimization: they encode audio in WebAssembly.
 */
const BRIEF = ["--v8-flags=--liftoff-only"];
/**
 * These have priority over everything else: with late audio and video, the page would detect a poor
 * network and pause the video.
 */
const REAL_CALLS: readonly Group[] = ["call", "measured", "engine"];

/** Tests that run side by side and are counted together. */
export function createSuite({ env = {}, types, engines, verbose }: SuiteOptions = {}) {
  let [passed, failed] = [0, 0];
  const suite = {
    /** Counts a run, and prints its outcome. */
    report(name: string, run: Omit<TestRun, "seconds"> & { readonly seconds?: number }) {
      passed += run.passed;
      failed += run.failed;
      if (run.failed > 0 || verbose) print(run.output.trimEnd());
      const state = run.failed > 0 ? "FAILED" : "ok    ";
      const counts = run.failed > 0 ? `${run.failed} failed, ${run.passed}` : run.passed;
      const time = run.seconds === undefined ? "" : ` (${run.seconds.toFixed(1)} s)`;
      print(`${state} ${name}: ${counts} passed${time}`);
    },
    /**
     * Runs each file in a process of its own: first real calls, two at a time, beside the thorough
     * tests and `more`; then the measured tests, beside the quick ones.
     */
    async run(tests: readonly GroupedTest[], more: readonly Job[] = []) {
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
      // More than processors, because tests spend most of their time waiting.
      const lanes = { all: navigator.hardwareConcurrency + 2, first: 2 };
      const calls = [...jobs("call"), ...(engines ? jobs("engine") : [])];
      await runInLanes(lanes, calls, [...jobs("thorough"), ...more]);
      const measured = jobs("measured");
      // One lane for each processor of a small machine.
      const beside = measured.length > 0 ? 2 : lanes.all;
      await runInLanes({ all: beside, first: 1 }, measured, jobs("quick"));
    },
    get count(): Count {
      return { passed, failed };
    },
  };
  return suite;
}
