/** Groups tests by what they import. */
import { type Imports, reach, readGraph } from "./imports.ts";

/**
 * - `quick`: neither a browser nor real-time media, and done in seconds;
 * - `thorough`: a browser, or much work; several may run side by side;
 * - `call`: real calls, whose audio and video are checked while they happen: two at a time;
 * - `measured`: real calls that are measured, or very large: only beside quick tests;
 * - `engine`: another browser engine than Chromium 147: only by `deno task test:engines` or by name.
 */
export type Group = "quick" | "thorough" | "call" | "measured" | "engine";

const BROWSER = "tests/support/browser.ts";
/** Calls that are measured, and a call of six, which needs a whole small machine. */
const MEASURED = [
  "tests/page/network_test.ts",
  "tests/chime/call_test.ts",
  "tests/browser/call_cost_test.ts",
];
const ENGINES = "tests/engines/";
/** Tests make real calls by one of these. */
const CALLS = ["tests/support/visitor.ts", "tests/support/meeting.ts"];
/** Tests without a browser that are too long for a quick run. */
const LONG = [
  "tests/hostile/short_test.ts",
  "tests/sdk/upgrade_test.ts",
  "tests/sdk/build_test.ts",
  "tests/sdk/cuts_test.ts",
  "tests/database/query_plans_test.ts",
  "tests/database/start_test.ts",
  "tests/http/dev_command_test.ts",
  "tests/http/dev_sql_test.ts",
  "tests/http/processes_test.ts",
  "tests/http/platform_test.ts",
  "tests/ops/doctor_places_test.ts",
  "tests/deploy/commands_test.ts",
  "tests/deploy/database_test.ts",
  "tests/deploy/function_test.ts",
  "tests/ops/function_build_test.ts",
  "tests/ops/function_deploy_test.ts",
];
/** Started before the others of their group, so that nothing waits for them at the end. */
export const LONGEST: readonly string[] = [
  "tests/browser/call_test.ts",
  "tests/browser/call_faults_test.ts",
  "tests/chime/call_network_test.ts",
  "tests/chime/call_end_test.ts",
  "tests/page/axe_test.ts",
  // Waits four times for a deadline of the function.
  "tests/http/problem_test.ts",
  ...LONG,
];

export interface GroupedTest {
  readonly file: string;
  readonly group: Group;
}

export function groupOf(graph: readonly Imports[], file: string): Group {
  const reached = reach(graph, file);
  if (file.startsWith(ENGINES)) return "engine";
  if (MEASURED.includes(file)) return "measured";
  if (CALLS.some((call) => reached.has(call))) return "call";
  return reached.has(BROWSER) || LONG.includes(file) ? "thorough" : "quick";
}

/** The test files in these files and folders, as paths from the root; by default all. */
export async function findTests(below: readonly string[] = []): Promise<readonly GroupedTest[]> {
  const graph = await readGraph();
  const all = graph.map(({ file }) => file).filter((file) => /_test\.tsx?$/.test(file)).sort();
  const under = (path: string) => {
    const bare = path.replace(/^\.\//, "").replace(/\/$/, "");
    const found = all.filter((file) => file === bare || file.startsWith(`${bare}/`));
    if (found.length === 0) throw new Error(`Cannot find a test in ${path}`);
    return found;
  };
  const files = below.length === 0 ? all : [...new Set(below.flatMap(under))];
  const rank = (file: string) =>
    (LONGEST.indexOf(file) + LONGEST.length + 1) % (LONGEST.length + 1);
  return files.map((file) => ({ file, group: groupOf(graph, file) }))
    .sort((one, other) => rank(one.file) - rank(other.file));
}
