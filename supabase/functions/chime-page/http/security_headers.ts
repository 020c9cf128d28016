import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { callFileUrl } from "../page/in_call_bundle.ts";
import type { Language } from "../contract/languages.ts";
import type { Settings } from "../config/settings.ts";

/** What a document holds inline, by hashes (`sha256-…`), and whether it may load what a call needs. */
export interface DocumentSources {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /**
   * The language of a document that runs a call, which is allowed the files it needs in that
   * language, Chime's hosts, workers and media; null: there is no call.
   */
  readonly call: Language | null;
}

/** The settings that show in every document and its Content-Security-Policy. */
export interface DocumentSettings extends Pick<Settings, "publicUrl" | "frameAncestors" | "brand"> {
  readonly sdk: Pick<Settings["sdk"], "url" | "fallbackUrl">;
  readonly chime: Pick<Settings["chime"], "endpoint">;
}

/** Chime's media and signalling hosts. Source: Chime SDK, "Content Security Policy". */
const CHIME_HOSTS = ["https://*.chime.aws", "wss://*.chime.aws"];

/**
 * The Content-Security-Policy of a document: nothing is allowed but what it is known to hold.
 * The page may live at another origin (a host that fetched it loads it with a base URL), so its own
 * API is named by its full origin beside `'self'`.
 */
export function contentSecurityPolicy(
  settings: DocumentSettings,
  document: DocumentSources,
): string {
  const ancestors = settings.frameAncestors.join(" ") || "'none'";
  return `${metaContentSecurityPolicy(settings, document)}; frame-ancestors ${ancestors}`;
}

/**
 * The same policy for a `<meta http-equiv>`, where `frame-ancestors` has no effect and only draws a
 * warning (CSP Level 3, section 3.3).
 */
export function metaContentSecurityPolicy(
  settings: DocumentSettings,
  document: DocumentSources,
): string {
  const api = new URL(settings.publicUrl).origin;
  const quoted = (hashes: readonly string[]) => hashes.map((hash) => `'${hash}'`);
  const call = document.call;
  const scripts = [...quoted(document.scripts), ...(call ? fileSources(settings, call) : [])];
  // Every document may carry the clinic's colour.
  const brand = settings.brand.style === null ? [] : [settings.brand.style.hash];
  const styles = quoted([...document.styles, ...brand]);
  return [
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
  ].join("; ");
}

function fileSources({ publicUrl, sdk }: DocumentSettings, language: Language): string[] {
  const elsewhere = sdk.fallbackUrl ? [sdk.fallbackUrl] : [];
  return [callFileUrl(publicUrl, language), sdk.url, ...elsewhere];
}

/** A Chime stand-in on this machine signals over plain HTTP and WebSocket at its own port. */
function standInHosts({ chime }: DocumentSettings): string[] {
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
  settings: DocumentSettings,
  document: DocumentSources,
): Record<string, string> {
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": contentSecurityPolicy(settings, document),
    "Permissions-Policy": document.call
      ? "camera=(self), microphone=(self), autoplay=(self), fullscreen=(self), " +
        "display-capture=(self), screen-wake-lock=(self), picture-in-picture=(self), " +
        "geolocation=(), payment=(), usb=()"
      : "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    // Forms of the page must send their origin (`auth/request_origin.ts`). A call has no form, and
    // loads files from other origins.
    "Referrer-Policy": document.call ? "no-referrer" : "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Accept, Accept-Language, Authorization, Cookie",
  };
}

/**
 * Answers preflights: any origin may call, because no cookie counts in such calls. Other answers get
 * their headers from {@link commonHeaders}, as do those outside the function's path.
 * @param tokenHeaders headers of the trusted issuers, beside the usual ones
 */
export function preflight(tokenHeaders: readonly string[]): MiddlewareHandler {
  return cors({
    origin: "*",
    allowMethods: ["GET", "HEAD", "POST", "OPTIONS"],
    allowHeaders: ["authorization", "apikey", "content-type", "x-client-info", ...tokenHeaders],
    maxAge: 86_400,
  });
}
