/** How long {@link singleFlight} caches results. */
export interface CacheOptions<T> {
  /** Milliseconds for which a result is cached. */
  readonly keepMs: number;
  /** How many calls are made within that time before the cached result is used. Default: 1. */
  readonly calls?: number;
  /** Whether a result may be cached. */
  readonly keep: (result: T) => boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

interface CachedResult<T> {
  readonly result: T;
  readonly expiresAt: number;
  /** Calls made since this key was first cached. */
  readonly calls: number;
}

/**
 * Merges concurrent calls with the same key into one and, if `cache` is given, reuses results for a
 * short time. This only saves quota within one process; across processes, the calls themselves must
 * be idempotent.
 */
export function singleFlight<T>(
  cache?: CacheOptions<T>,
): (key: string, work: () => Promise<T>) => Promise<T> {
  const pending = new Map<string, Promise<T>>();
  const cached = new Map<string, CachedResult<T>>();

  function removeExpired(now: number): void {
    // A map iterates in insertion order, so the oldest come first.
    for (const [key, { expiresAt }] of cached) {
      if (expiresAt > now) return;
      cached.delete(key);
    }
  }
  async function run(key: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (cache?.keep(result)) {
        const { expiresAt = cache.now() + cache.keepMs, calls = 0 } = cached.get(key) ?? {};
        cached.set(key, { result, expiresAt, calls: calls + 1 });
      } else cached.delete(key);
      return result;
    } finally {
      pending.delete(key);
    }
  }

  return (key, work) => {
    if (cache) removeExpired(cache.now());
    const hit = cached.get(key);
    if (hit && hit.calls >= (cache?.calls ?? 1)) return Promise.resolve(hit.result);
    const started = pending.get(key);
    if (started) return started;
    const call = run(key, work);
    pending.set(key, call);
    return call;
  };
}
