/** What happens to an answer after it has arrived. */
export interface FlightMemory<T> {
  /** Milliseconds for which an answer is given again. */
  readonly keepMs: number;
  /** Whether an answer is worth giving again. */
  readonly keep: (answer: T) => boolean;
  readonly now: () => number;
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
  const known = new Map<string, { readonly answer: T; readonly until: number }>();

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
      if (memory?.keep(answer)) known.set(key, { answer, until: memory.now() + memory.keepMs });
      return answer;
    } finally {
      flying.delete(key);
    }
  }

  return (key, work) => {
    if (memory) forgetOld(memory.now());
    const remembered = known.get(key);
    if (remembered) return Promise.resolve(remembered.answer);
    const underway = flying.get(key);
    if (underway) return underway;
    const flight = fly(key, work);
    flying.set(key, flight);
    return flight;
  };
}
