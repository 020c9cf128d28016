import { AsyncLocalStorage } from "node:async_hooks";

/** The upstream calls that a request has made so far. */
export interface UpstreamCost {
  /** Number of calls. */
  calls: number;
  /** Length of the longest chain of calls that waited for each other. */
  roundTrips: number;
}

interface Counter extends UpstreamCost {
  finished: number;
}

const current = new AsyncLocalStorage<Counter>();

/** Runs the work of one request and counts its upstream calls; see {@link countRoundTrip}. */
export async function withRoundTrips<T>(work: (cost: UpstreamCost) => Promise<T>): Promise<T> {
  const counter: Counter = { calls: 0, roundTrips: 0, finished: 0 };
  return await current.run(counter, () => work(counter));
}

/**
 * Counts one upstream call of the current request. Its depth is one more than the deepest call that
 * had finished when it started, so concurrent calls share a depth.
 */
export async function countRoundTrip<T>(call: () => Promise<T>): Promise<T> {
  const counter = current.getStore();
  if (!counter) return await call();
  const depth = counter.finished + 1;
  counter.calls++;
  counter.roundTrips = Math.max(counter.roundTrips, depth);
  try {
    return await call();
  } finally {
    counter.finished = Math.max(counter.finished, depth);
  }
}
