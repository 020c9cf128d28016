import type { Settings } from "../config/settings.ts";

/**
 * Whose doing a request is. A browser sends cookies, and whatever a form holds, for every site that
 * makes it; so what a request may bring depends on who made it:
 *
 * | sender       | who made the request                               | what counts                  |
 * | ------------ | -------------------------------------------------- | ---------------------------- |
 * | `own`        | the page itself, the person, an app's web view      | everything                   |
 * | `navigation` | another site: a link that was followed (`GET`)      | a link, and a cookie by a tap |
 * | `host`       | a form of a site that may frame the page            | the form and its link        |
 * | `unproven`   | a form in a browser that does not say whose it is   | the same, and no cookie is set |
 * | `other-site` | another site, by any other means                    | token headers alone          |
 *
 * Token headers always count: no site can make a browser send them with its cookies, for that would
 * need this server's consent (CORS).
 */
export type Sender = "own" | "navigation" | "host" | "unproven" | "other-site";

/**
 * Reads the sender from Fetch Metadata (`Sec-Fetch-*`, W3C), which a page cannot forge, and from
 * `Origin` in browsers without it (Safari before 16.4).
 */
export function senderOf(
  { method, headers }: Pick<Request, "method" | "headers">,
  settings: Pick<Settings, "publicUrl" | "frameAncestors">,
): Sender {
  const site = headers.get("sec-fetch-site");
  if (site === null) return byOrigin(method, headers.get("origin"), settings);
  // `none`: the person's own doing, such as a typed address, or an app's.
  if (site === "same-origin" || site === "none") return "own";
  if (headers.get("sec-fetch-mode") !== "navigate") return "other-site";
  if (method === "POST") {
    return settings.frameAncestors.includes(headers.get("origin") ?? "") ? "host" : "other-site";
  }
  const target = headers.get("sec-fetch-dest");
  const framed = target === "iframe" || target === "frame";
  return target === "document" || (framed && settings.frameAncestors.length > 0)
    ? "navigation"
    : "other-site";
}

function byOrigin(
  method: string,
  origin: string | null,
  { publicUrl, frameAncestors }: Pick<Settings, "publicUrl" | "frameAncestors">,
): Sender {
  // Browsers name an origin with every form that is posted, and with none that is followed.
  if (origin === null || origin === new URL(publicUrl).origin) return "own";
  if (method !== "POST") return "other-site";
  if (frameAncestors.includes(origin)) return "host";
  return origin === "null" ? "unproven" : "other-site";
}
