import { AsyncLocalStorage } from "node:async_hooks";

/** What a request cost upstream so far. */
export interface UpstreamCost {
  /** Every call. */
  calls: number;
  /** The longest chain of calls that waited for each other: what the patient waits for. */
  roundTrips: number;
}

interface Counter extends UpstreamCost {
  finished: number;
}

const current = new AsyncLocalStorage<Counter>();

/** Runs one request's work and counts the upstream calls that {@link countRoundTrip} sees in it. */
export async function withRoundTrips<T>(work: (cost: UpstreamCost) => Promise<T>): Promise<T> {
  const counter: Counter = { calls: 0, roundTrips: 0, finished: 0 };
  return await current.run(counter, () => work(counter));
}

/**
 * Counts one upstream call of the request under way. A call's depth is one more than the deepest
 * call that was finished when it began: calls side by side share a depth.
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
