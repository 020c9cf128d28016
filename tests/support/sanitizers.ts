/**
 * A test without Deno's checks for what it leaves open. A browser, a client of AWS and a local stack
 * keep processes, ports and connections for a moment after they are closed, or until the last test.
 */
export function looseTest(name: string, run: (t: Deno.TestContext) => Promise<void> | void): void {
  Deno.test({ name, fn: run, sanitizeOps: false, sanitizeResources: false });
}
