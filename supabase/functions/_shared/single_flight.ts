/** What happens to an answer after it has arrived. */
export interface FlightMemory<T> {
  /** Milliseconds for which an answer is given again. */
  readonly keepMs: number;
  /** How many calls are made within that time before an answer is given again. Default: 1. */
  readonly calls?: number;
  /** Whether an answer is worth giving again. */
  readonly keep: (answer: T) => boolean;
  readonly now: () => number;
}

/** An answer, when it is forgotten, and how many calls were made for it by then. */
interface Known<T> {
  readonly answer: T;
  readonly until: number;
  readonly calls: number;
}

/**
 * Joins simultaneous calls with the same key into one, and answers from memory for a short while. It
 * saves quota inside one process and is no guarantee: correctness across processes rests on
 * idempotent calls.
 */
export function singleFlight<T>(
  memory?: FlightMemory<T>,
): (key: string, work: () => Promise<T>) => Promise<T> {
  const flying = new Map<string, Promise<T>>();
  const known = new Map<string, Known<T>>();

  function forgetOld(now: number): void {
    // Oldest first, as a map keeps the order of insertion.
    for (const [key, { until }] of known) {
      if (until > now) return;
      known.delete(key);
    }
  }
  async function fly(key: string, work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work();
      if (memory?.keep(answer)) {
        const { until = memory.now() + memory.keepMs, calls = 0 } = known.get(key) ?? {};
        known.set(key, { answer, until, calls: calls + 1 });
      } else known.delete(key);
      return answer;
    } finally {
      flying.delete(key);
    }
  }

  return (key, work) => {
    if (memory) forgetOld(memory.now());
    const remembered = known.get(key);
    if (remembered && remembered.calls >= (memory?.calls ?? 1)) {
      return Promise.resolve(remembered.answer);
    }
    const underway = flying.get(key);
    if (underway) return underway;
    const flight = fly(key, work);
    flying.set(key, flight);
    return flight;
  };
}
