import { callFileUrl } from "../page/in_call_bundle.ts";
import type { Language } from "../contract/page_data.ts";
import type { Settings } from "../config/settings.ts";

/** Which inline parts a document holds, by their hashes (`sha256-…`), and what it may load. */
export interface DocumentPolicy {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /**
   * The language of a document that runs a call, which is allowed the files it needs in that
   * language, Chime's hosts, workers and media; null: there is no call.
   */
  readonly call: Language | null;
}

/** The settings that a policy is made of. */
export type PolicySettings = Pick<
  Settings,
  "sdk" | "chime" | "publicUrl" | "frameAncestors" | "brand"
>;

/** Chime's media and signalling hosts. Source: Chime SDK, "Content Security Policy". */
const CHIME_HOSTS = ["https://*.chime.aws", "wss://*.chime.aws"];

/**
 * The Content-Security-Policy of a document: nothing is allowed but what it is known to hold.
 * The page may live at another origin (a host that fetched it loads it with a base URL), so its own
 * API is named by its full origin beside `'self'`.
 */
export function contentSecurityPolicy(settings: PolicySettings, document: DocumentPolicy): string {
  const { directives, ancestors } = policy(settings, document);
  return [...directives, ancestors].join("; ");
}

/**
 * The same policy for a `<meta http-equiv>`, where `frame-ancestors` does not count and only draws a
 * warning (CSP Level 3, section 3.3).
 */
export function metaPolicy(settings: PolicySettings, document: DocumentPolicy): string {
  return policy(settings, document).directives.join("; ");
}

function policy(settings: PolicySettings, document: DocumentPolicy) {
  const api = new URL(settings.publicUrl).origin;
  const quoted = (hashes: readonly string[]) => hashes.map((hash) => `'${hash}'`);
  const call = document.call;
  const scripts = [...quoted(document.scripts), ...(call ? fileSources(settings, call) : [])];
  // Every document may carry the clinic's colour.
  const brand = settings.brand.style === null ? [] : [settings.brand.style.hash];
  const styles = quoted([...document.styles, ...brand]);
  const directives = [
    "default-src 'none'",
    `script-src ${scripts.length > 0 ? scripts.join(" ") : "'none'"}`,
    `style-src ${styles.length > 0 ? styles.join(" ") : "'none'"}`,
    "img-src data:",
    ...(call
      ? [
        `connect-src 'self' ${[api, ...CHIME_HOSTS, ...standInHosts(settings)].join(" ")}`,
        "media-src 'self' blob: mediastream:",
        // The SDK times its reconnects in a worker; Safari asks child-src.
        "worker-src blob:",
        "child-src blob:",
      ]
      : []),
    `form-action 'self' ${api}`,
    "base-uri 'none'",
  ];
  const ancestors = settings.frameAncestors.length > 0
    ? `frame-ancestors ${settings.frameAncestors.join(" ")}`
    : "frame-ancestors 'none'";
  return { directives, ancestors };
}

function fileSources({ publicUrl, sdk }: PolicySettings, language: Language): string[] {
  const elsewhere = sdk.fallbackUrl ? [sdk.fallbackUrl] : [];
  return [callFileUrl(publicUrl, language), sdk.url, ...elsewhere];
}

/** A Chime stand-in on this machine signals over plain HTTP and WebSocket at its own port. */
function standInHosts({ chime }: PolicySettings): string[] {
  if (!chime.endpoint) return [];
  const { protocol, host } = new URL(chime.endpoint);
  return [`${protocol}//${host}`, `${protocol === "https:" ? "wss:" : "ws:"}//${host}`];
}

/** Headers of every answer, whatever it is. */
export function commonHeaders(requestId: string): Record<string, string> {
  return {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Request-Id": requestId,
    // A host app may fetch the page and load it with a base URL of its own. No cookie counts in
    // such calls: without credentials mode a wildcard gives nothing away that a bearer would not.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
  };
}

/** Headers of a document beside the common ones. */
export function documentHeaders(
  settings: PolicySettings,
  document: DocumentPolicy,
): Record<string, string> {
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": contentSecurityPolicy(settings, document),
    "Permissions-Policy": document.call
      ? "camera=(self), microphone=(self), autoplay=(self), fullscreen=(self), " +
        "display-capture=(self), screen-wake-lock=(self), picture-in-picture=(self), " +
        "geolocation=(), payment=(), usb=()"
      : "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    // Forms of the page say whose they are (`request_origin.ts`); a call has none, and files elsewhere.
    "Referrer-Policy": document.call ? "no-referrer" : "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Accept, Accept-Language, Authorization, Cookie",
  };
}

/** Answer to a preflight; `headers` are the issuers' token headers beside the usual ones. */
export function preflightHeaders(headers: readonly string[]): Record<string, string> {
  return {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": [
      "authorization",
      "apikey",
      "content-type",
      "x-client-info",
      ...headers,
    ].join(", "),
    "Access-Control-Max-Age": "86400",
  };
}
