import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from "jose";
import { countRoundTrip } from "../../_shared/round_trips.ts";

/** How long a URL is not fetched again after it failed. */
const COOLDOWN_MS = 5_000;

/**
 * The key set at a URL. `jose` caches it for ten minutes and, for keys that are not in it, fetches
 * it again at most every 30 seconds. It has no limit for a URL that fails, so a cooldown is added.
 * @param now milliseconds since 1970
 */
export function remoteKeys(
  url: string,
  now: () => number,
  headers: Readonly<Record<string, string>> = {},
): JWTVerifyGetKey {
  let failedAt = -Infinity;
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: 5_000,
    headers: { ...headers },
    [customFetch]: async (target: string, init: RequestInit) => {
      if (now() - failedAt < COOLDOWN_MS) throw new errors.JWKSTimeout();
      try {
        const response = await countRoundTrip(() => fetch(target, init));
        if (response.status !== 200) {
          failedAt = now();
          await response.body?.cancel();
        }
        return response;
      } catch (error) {
        failedAt = now();
        throw error;
      }
    },
  });
}

/** A key set known in advance, with a remote one for keys that are not in it. */
export function knownKeys(known: JSONWebKeySet, remote: JWTVerifyGetKey): JWTVerifyGetKey {
  const local = createLocalJWKSet(known);
  return async (header, token) => {
    try {
      return await local(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return await remote(header, token);
      throw error;
    }
  };
}
