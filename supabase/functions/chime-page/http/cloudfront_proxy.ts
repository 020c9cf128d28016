import type { AppContext } from "./dependencies.ts";

/**
 * The optional front: a CloudFront distribution that serves the page for projects without a custom
 * domain. The platform turns a function's HTML into text, and CloudFront runs no function on answers
 * of 400 and above (CloudFront, "Restrictions on all edge functions"). So towards the CloudFront proxy, and
 * towards it alone, every answer is a 200 that carries the true status, type and policy in marker
 * headers; the CloudFront Function `ops/stacks/cloudfront_proxy.js` restores and removes them.
 */

/** The header by which the CloudFront proxy proves itself; CloudFront sets it, over whatever a viewer sent. */
export const FRONT_SECRET_HEADER = "X-Chime-Page-Front";

const STATUS_HEADER = "X-Chime-Page-Status";
const TYPE_HEADER = "X-Chime-Page-Type";
const POLICY_HEADER = "X-Chime-Page-Policy";

/** Middleware around all others: gives the CloudFront proxy what it asks for, and nobody else anything. */
export function answerFront(secret: string | undefined) {
  return async (c: AppContext, next: () => Promise<void>) => {
    await next();
    if (await isFront(c.req.raw.headers, secret)) c.res = forFront(c.res);
  };
}

/** Whether a request came through the CloudFront proxy; without a secret in the settings none did. */
export async function isFront(headers: Headers, secret: string | undefined): Promise<boolean> {
  const given = headers.get(FRONT_SECRET_HEADER);
  if (!secret || given === null) return false;
  return await sameText(given, secret);
}

/** The answer as the CloudFront proxy needs it. A status without a body (204, 304) becomes an empty one. */
export function forFront(answer: Response): Response {
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

/** Compares hashes, all of them always, so that time tells neither content nor length. */
async function sameText(a: string, b: string): Promise<boolean> {
  const digest = (text: string) =>
    crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then((d) => new Uint8Array(d));
  const [left, right] = await Promise.all([digest(a), digest(b)]);
  return left.reduce((different, byte, i) => different | (byte ^ (right[i] ?? 0)), 0) === 0;
}
