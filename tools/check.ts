import { print, type Ran, runDeno } from "./run.ts";

/** The checks that come before the tests, the fastest first. */
const CHECKS = {
  "format": ["fmt", "--check", "--quiet"],
  "lint": ["lint", "--quiet"],
  "types": ["check", "--quiet", "."],
  "client is built from its sources": ["run", "-A", "tools/build_client.ts", "--check"],
  "SDK file is built from its sources": ["run", "-A", "sdk/build.ts", "--check"],
} as const;

export type Check = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as readonly Check[];

export function runCheck(name: Check): Promise<Ran> {
  return runDeno(CHECKS[name]);
}

if (import.meta.main) {
  // All of them, so that one run shows every fault.
  let failed = false;
  for (const name of CHECK_NAMES) {
    const { success, output } = await runCheck(name);
    if (!success) print(output.trimEnd());
    print(`${success ? "ok    " : "FAILED"} check: ${name}`);
    failed ||= !success;
  }
  Deno.exit(failed ? 1 : 0);
}
