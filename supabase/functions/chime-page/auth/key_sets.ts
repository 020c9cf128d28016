import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from "jose";
import { countRoundTrip } from "../../_shared/round_trips.ts";

/** How long an address that did not answer is left alone. */
const LEFT_ALONE_MS = 5_000;

/**
 * The key set at an address. `jose` fetches it once, again after ten minutes, and for a key that is
 * not in it at most every 30 seconds: strangers' keys cost nothing more. An address that fails is
 * left alone for a moment too; `jose` would ask it with every token.
 */
export function remoteKeys(
  address: string,
  now: () => number,
  headers: Readonly<Record<string, string>> = {},
): JWTVerifyGetKey {
  let failedAt = -Infinity;
  return createRemoteJWKSet(new URL(address), {
    timeoutDuration: 5_000,
    headers: { ...headers },
    [customFetch]: async (url: string, init: RequestInit) => {
      if (now() - failedAt < LEFT_ALONE_MS) throw new errors.JWKSTimeout();
      try {
        const answer = await countRoundTrip(() => fetch(url, init));
        if (answer.status !== 200) {
          failedAt = now();
          await answer.body?.cancel();
        }
        return answer;
      } catch (error) {
        failedAt = now();
        throw error;
      }
    },
  });
}

/** Keys that are known already, and for those that are not among them the set at an address. */
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
