import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Counts what a request costs upstream: `calls` in all, and `hops`, the longest chain of calls that
 * had to wait for each other. A hop is a round trip the patient waits for.
 */
export interface Hops {
  calls: number;
  hops: number;
  finished: number;
}

const current = new AsyncLocalStorage<Hops>();

/** Runs one request's work and counts the upstream calls that {@link countHop} sees in it. */
export async function withHops<T>(work: (hops: Hops) => Promise<T>): Promise<T> {
  const hops: Hops = { calls: 0, hops: 0, finished: 0 };
  return await current.run(hops, () => work(hops));
}

/**
 * Counts one upstream call of the request under way. A call's depth is one more than the deepest
 * call that was finished when it began: calls side by side share a depth.
 */
export async function countHop<T>(call: () => Promise<T>): Promise<T> {
  const hops = current.getStore();
  if (!hops) return await call();
  const depth = hops.finished + 1;
  hops.calls++;
  hops.hops = Math.max(hops.hops, depth);
  try {
    return await call();
  } finally {
    hops.finished = Math.max(hops.finished, depth);
  }
}
