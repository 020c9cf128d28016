import type { Settings } from "../config/settings.ts";

/**
 * Who caused a request. Any site can make a browser send cookies or submit a form, so which
 * credentials are accepted depends on the sender:
 *
 * | sender       | who caused the request                         | accepted credentials             |
 * | ------------ | ---------------------------------------------- | -------------------------------- |
 * | `own`        | the page, the person, or an app's web view     | all                              |
 * | `navigation` | another site, by a link that was followed      | a link; a cookie after a tap     |
 * | `host`       | a form on a site that may frame the page       | the form and its link            |
 * | `unproven`   | a form in a browser that hides its origin      | the same, but no cookie is set   |
 * | `other-site` | another site, in any other way                 | token headers only               |
 *
 * Token headers are always accepted: another site cannot make a browser send them together with
 * cookies, because CORS does not allow it.
 */
export type Sender = "own" | "navigation" | "host" | "unproven" | "other-site";

/**
 * Determines the sender from Fetch Metadata (`Sec-Fetch-*`, W3C), which a page cannot forge, or from
 * `Origin` in browsers that do not send it (Safari before 16.4).
 */
export function senderOf(
  { method, headers }: Pick<Request, "method" | "headers">,
  settings: Pick<Settings, "publicUrl" | "frameAncestors">,
): Sender {
  const site = headers.get("sec-fetch-site");
  if (site === null) return byOrigin(method, headers.get("origin"), settings);
  // `none`: caused by the person, such as a typed address, or by an app.
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
  // Browsers send an origin with every form that is posted, but not with links that are followed.
  if (origin === null || origin === new URL(publicUrl).origin) return "own";
  if (method !== "POST") return "other-site";
  if (frameAncestors.includes(origin)) return "host";
  return origin === "null" ? "unproven" : "other-site";
}
