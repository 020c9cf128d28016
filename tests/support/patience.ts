/**
 * How long a test waits for what must come: longer than anything takes on the slowest, busiest
 * machine. Only a test that fails ever waits that long.
 */
export const PATIENCE_MS = 240_000;

/**
 * Asks again and again until the answer is as wanted, and returns it.
 * @param what is waited for, as in "Waited … ms in vain: the picture"
 * @param context what a failure shows besides the last answer
 */
export async function poll<T>(
  what: string,
  ask: () => Promise<T> | T,
  wanted: (answer: T) => boolean,
  options: { readonly everyMs?: number; readonly context?: () => string } = {},
): Promise<T> {
  const { everyMs = 25, context = () => "" } = options;
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > end) {
      const last = JSON.stringify(answer);
      throw new Error(`Waited ${PATIENCE_MS} ms in vain: ${what}; last seen ${last}\n${context()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Waits until `check` holds; fails with `what` where it never does. */
export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  await poll(what, check, Boolean);
}
