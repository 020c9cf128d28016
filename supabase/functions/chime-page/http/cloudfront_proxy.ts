import type { AppContext } from "./dependencies.ts";

/**
 * Support for the optional CloudFront proxy, which serves the page for projects without a custom
 * domain.
 *
 * Supabase serves a function's HTML as plain text, and CloudFront runs no edge functions for responses
 * with status 400 and above (CloudFront, "Restrictions on all edge functions"). So the proxy, and only
 * the proxy, gets every response as a 200, with the real status, type and Content-Security-Policy in
 * extra headers. The CloudFront Function in `ops/stacks/` restores them and removes the extra headers.
 * @module
 */

/** Header that authenticates the proxy. CloudFront overwrites any value a viewer sends. */
export const PROXY_SECRET_HEADER = "X-Chime-Page-Front";

const STATUS_HEADER = "X-Chime-Page-Status";
const TYPE_HEADER = "X-Chime-Page-Type";
const POLICY_HEADER = "X-Chime-Page-Policy";

/** Middleware that rewrites responses to the proxy. It must come before all other middleware. */
export function cloudFrontProxy(secret: string | undefined) {
  return async (c: AppContext, next: () => Promise<void>) => {
    await next();
    if (await isFromProxy(c.req.raw.headers, secret)) c.res = markedForProxy(c.res);
  };
}

/** Whether a request came through the proxy; always false if the settings contain no secret. */
export async function isFromProxy(headers: Headers, secret: string | undefined): Promise<boolean> {
  const given = headers.get(PROXY_SECRET_HEADER);
  if (!secret || given === null) return false;
  return await timingSafeEqual(given, secret);
}

/** Rewrites a response for the proxy. A status without a body (204, 304) becomes an empty 200. */
export function markedForProxy(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set(STATUS_HEADER, String(response.status));
  for (
    const [marker, name] of [
      [TYPE_HEADER, "Content-Type"],
      [POLICY_HEADER, "Content-Security-Policy"],
    ] as const
  ) {
    const value = headers.get(name);
    if (value !== null) headers.set(marker, value);
  }
  return new Response(response.body, { status: 200, headers });
}

/** Compares all bytes of both hashes, so that timing reveals neither content nor length. */
async function timingSafeEqual(a: string, b: string): Promise<boolean> {
  const digest = (text: string) =>
    crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then((d) => new Uint8Array(d));
  const [left, right] = await Promise.all([digest(a), digest(b)]);
  return left.reduce((different, byte, i) => different | (byte ^ (right[i] ?? 0)), 0) === 0;
}
