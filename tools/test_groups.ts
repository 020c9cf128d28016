/** Which tests are quick and which must run alone: what a test imports says what it needs. */
import { type Imports, reach, readGraph } from "./imports.ts";

/**
 * - `quick`: neither a browser nor real-time media, and done in seconds;
 * - `thorough`: a browser, or much work; several may run side by side;
 * - `call`: real calls, whose sound and pictures are looked at while they happen: one at a time.
 */
export type Group = "quick" | "thorough" | "call";

const BROWSER = "tests/support/browser.ts";
/** Whoever makes a real call in a test does so by one of these. */
const CALLS = ["tests/support/call.ts", "tests/page/meeting.ts", "tests/chime/support/call.ts"];
/** Tests without a browser that take longer than a quick run has. */
const LONG: readonly string[] = [];

/** A test file and its group. */
export interface GroupedTest {
  readonly file: string;
  readonly group: Group;
}

/** The group of a file, by what it imports. */
export function groupOf(graph: readonly Imports[], file: string): Group {
  const reached = reach(graph, file);
  if (CALLS.some((call) => reached.has(call))) return "call";
  return reached.has(BROWSER) || LONG.includes(file) ? "thorough" : "quick";
}

/** Every test file below these files and folders, given from the root; all there are without any. */
export async function findTests(below: readonly string[] = []): Promise<readonly GroupedTest[]> {
  const graph = await readGraph();
  const all = graph.map(({ file }) => file).filter((file) => file.endsWith("_test.ts")).sort();
  const under = (path: string) => {
    const bare = path.replace(/^\.\//, "").replace(/\/$/, "");
    const found = all.filter((file) => file === bare || file.startsWith(`${bare}/`));
    if (found.length === 0) throw new Error(`Cannot find a test in ${path}`);
    return found;
  };
  const files = below.length === 0 ? all : [...new Set(below.flatMap(under))];
  return files.map((file) => ({ file, group: groupOf(graph, file) }));
}
