/**
 * How long a test waits for what must come: longer than anything takes on the slowest, busiest
 * machine. Only a test that fails ever waits that long.
 */
export const PATIENCE_MS = 240_000;

/** Waits until `check` holds; fails with `what` where it never does. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`Waited ${PATIENCE_MS} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}
