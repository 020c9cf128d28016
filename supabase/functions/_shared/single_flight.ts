/**
 * Joins simultaneous calls with the same key into one. It saves quota inside one process and is no
 * guarantee: correctness across processes rests on idempotent calls.
 */
export function singleFlight<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const flying = new Map<string, Promise<T>>();
  return (key, work) => {
    const underway = flying.get(key);
    if (underway) return underway;
    const flight = work().finally(() => flying.delete(key));
    flying.set(key, flight);
    return flight;
  };
}
