import type { AppContext } from "./dependencies.ts";

/**
 * The optional CloudFront proxy: a distribution that serves the page for projects without a custom
 * domain. The platform serves a function's HTML as plain text, and CloudFront runs no edge function on
 * answers of 400 and above (CloudFront, "Restrictions on all edge functions"). So the proxy, and nobody
 * else, gets every answer as a 200 with the true status, type and Content-Security-Policy in marker
 * headers; the CloudFront Function in `ops/stacks/` restores them and removes the markers.
 */

/** The header by which the proxy proves itself; CloudFront overwrites whatever a viewer sent. */
export const PROXY_SECRET_HEADER = "X-Chime-Page-Front";

const STATUS_HEADER = "X-Chime-Page-Status";
const TYPE_HEADER = "X-Chime-Page-Type";
const POLICY_HEADER = "X-Chime-Page-Policy";

/** Middleware around all others: marks answers to the proxy, and leaves all others as they are. */
export function cloudFrontProxy(secret: string | undefined) {
  return async (c: AppContext, next: () => Promise<void>) => {
    await next();
    if (await isFromProxy(c.req.raw.headers, secret)) c.res = markedForProxy(c.res);
  };
}

/** Whether a request came through the proxy; without a secret in the settings none did. */
export async function isFromProxy(headers: Headers, secret: string | undefined): Promise<boolean> {
  const given = headers.get(PROXY_SECRET_HEADER);
  if (!secret || given === null) return false;
  return await sameText(given, secret);
}

/** The answer as the proxy needs it. A status without a body (204, 304) becomes an empty 200. */
export function markedForProxy(answer: Response): Response {
  const headers = new Headers(answer.headers);
  headers.set(STATUS_HEADER, String(answer.status));
  for (
    const [marker, name] of [
      [TYPE_HEADER, "Content-Type"],
      [POLICY_HEADER, "Content-Security-Policy"],
    ] as const
  ) {
    const value = headers.get(name);
    if (value !== null) headers.set(marker, value);
  }
  return new Response(answer.body, { status: 200, headers });
}

/** Compares hashes, byte by byte to the end, so that the time taken tells neither content nor length. */
async function sameText(a: string, b: string): Promise<boolean> {
  const digest = (text: string) =>
    crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then((d) => new Uint8Array(d));
  const [left, right] = await Promise.all([digest(a), digest(b)]);
  return left.reduce((different, byte, i) => different | (byte ^ (right[i] ?? 0)), 0) === 0;
}
