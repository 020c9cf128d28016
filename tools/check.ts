import { print, runDeno } from "./run.ts";

/** What must hold before a test is worth running, cheapest first. */
const STEPS: readonly (readonly [string, readonly string[]])[] = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet", "."]],
  ["client is built from its sources", ["run", "-A", "client/build.ts", "--check"]],
  ["SDK file is built from its sources", ["run", "-A", "cdn/build.ts", "--check"]],
];

/** How many checks there are. */
export const CHECKS = STEPS.length;

/** Runs every step, so that one run shows every fault; answers the names of those that failed. */
export async function checkAll(): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const [name, args] of STEPS) {
    const succeeded = await runDeno(args);
    print(`${succeeded ? "ok    " : "FAILED"} check: ${name}`);
    if (!succeeded) failed.push(name);
  }
  return failed;
}

if (import.meta.main) Deno.exit((await checkAll()).length === 0 ? 0 : 1);
