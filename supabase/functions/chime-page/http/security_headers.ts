import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { ChimeMeeting } from "../../_shared/chime_types.ts";
import { bundleScripts } from "../page/bundles.ts";
import type { Language } from "../contract/languages.ts";
import type { Settings } from "../config/settings.ts";

/** What a document contains and may load. Inline scripts and styles are given as `sha256-…` hashes. */
export interface DocumentSources {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /**
   * Language of a document with a call, which may load the bundles in that language, the SDK,
   * media and workers, and connect to Chime. Null if there is no call.
   */
  readonly call: Language | null;
  /** Where the meeting is, once the document has one. */
  readonly placement?: ChimeMeeting["MediaPlacement"] | undefined;
  /** Language of a document that only loads the files of a call, and runs no call. */
  readonly prepares?: Language;
}

/** Settings used in every document and its Content-Security-Policy. */
export interface DocumentSettings extends Pick<Settings, "publicUrl" | "frameAncestors" | "brand"> {
  readonly sdk: Pick<Settings["sdk"], "url" | "fallbackUrl">;
  readonly chime: Pick<Settings["chime"], "endpoint">;
}

/** Chime's media and signaling hosts. Source: Chime SDK, "Content Security Policy". */
const CHIME_HOSTS = ["https://*.chime.aws", "wss://*.chime.aws"];

/**
 * The Content-Security-Policy of a document, which allows only what the document contains or needs.
 *
 * A host app may fetch the page and load it at another origin, so the API's origin is allowed in
 * addition to `'self'`.
 */
export function contentSecurityPolicy(
  settings: DocumentSettings,
  document: DocumentSources,
): string {
  const ancestors = settings.frameAncestors.join(" ") || "'none'";
  return `${metaContentSecurityPolicy(settings, document)}; frame-ancestors ${ancestors}`;
}

/**
 * The same policy for `<meta http-equiv>`, where `frame-ancestors` has no effect and causes a warning
 * (CSP Level 3, section 3.3).
 */
export function metaContentSecurityPolicy(
  settings: DocumentSettings,
  document: DocumentSources,
): string {
  const api = new URL(settings.publicUrl).origin;
  const quoted = (hashes: readonly string[]) => hashes.map((hash) => `'${hash}'`);
  const { call, prepares } = document;
  const files = call ?? prepares;
  const scripts = [...quoted(document.scripts), ...(files ? fileSources(settings, files) : [])];
  const brand = settings.brand.style === null ? [] : [settings.brand.style.hash];
  const styles = quoted([...document.styles, ...brand]);
  return [
    "default-src 'none'",
    `script-src ${scripts.length > 0 ? scripts.join(" ") : "'none'"}`,
    `style-src ${styles.length > 0 ? styles.join(" ") : "'none'"}`,
    "img-src data:",
    ...(call
      ? [
        `connect-src 'self' ${
          [api, ...CHIME_HOSTS, ...standInHosts(settings, document)].join(" ")
        }`,
        "media-src 'self' blob: mediastream:",
        // The SDK schedules reconnects in a worker; Safari checks child-src.
        "worker-src blob:",
        "child-src blob:",
      ]
      // The countdown looks whether the server answers.
      : scripts.length > 0 && !prepares
      ? [`connect-src 'self' ${api}`]
      : []),
    `form-action 'self' ${api}`,
    "base-uri 'none'",
  ].join("; ");
}

function fileSources({ publicUrl, sdk }: DocumentSettings, language: Language): string[] {
  const fallback = sdk.fallbackUrl ? [sdk.fallbackUrl] : [];
  const bundles = bundleScripts(publicUrl, language).map(({ url }) => url);
  return [...bundles, sdk.url, ...fallback];
}

/**
 * Hosts of a Chime stand-in. They come from the meeting, because the function may reach the stand-in
 * by an address that browsers do not know. A document without a meeting yet may connect to this
 * machine, where the stand-in of a local system is.
 */
function standInHosts({ chime }: DocumentSettings, { placement }: DocumentSources): string[] {
  if (!chime.endpoint) return [];
  if (!placement) return ["http://127.0.0.1:*", "ws://127.0.0.1:*"];
  const { AudioFallbackUrl, SignalingUrl, TurnControlUrl } = placement;
  const origins = [AudioFallbackUrl, SignalingUrl, TurnControlUrl].flatMap((url) =>
    url && URL.canParse(url) ? [new URL(url).origin] : []
  );
  return [...new Set(origins)].filter((origin) => /^(?:http|ws)s?:\/\/[\w.:[\]-]+$/.test(origin));
}

/** Headers of every response. */
export function commonHeaders(requestId: string): Record<string, string> {
  return {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Request-Id": requestId,
    // A host app may fetch the page and load it at another origin. Browsers do not expose a response
    // with a wildcard to requests with cookies, so a site gets nothing without a token of its own.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
  };
}

/** Headers of a document, in addition to the common ones. */
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
    // Forms must send their origin (`auth/request_origin.ts`). A call has no form, and it loads files
    // from other origins.
    "Referrer-Policy": document.call ? "no-referrer" : "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Accept, Accept-Language, Authorization, Cookie",
  };
}

/**
 * Headers that a browser app may send: those of supabase-js (`@supabase/supabase-js/cors`), `x-region`,
 * which `functions.invoke` adds for a region, and `sentry-trace`, which Sentry adds beside `baggage`.
 */
const REQUEST_HEADERS = [
  "authorization",
  "apikey",
  "content-type",
  "x-client-info",
  "x-region",
  "x-retry-count",
  "traceparent",
  "tracestate",
  "baggage",
  "sentry-trace",
];

/**
 * Middleware for CORS preflights. Any origin is allowed, because cookies do not count in such
 * requests. Other responses get their CORS headers from {@link commonHeaders}.
 * @param tokenHeaders headers that contain tokens of trusted issuers
 */
export function preflight(tokenHeaders: readonly string[]): MiddlewareHandler {
  const answer = cors({
    origin: "*",
    allowMethods: ["GET", "HEAD", "POST", "OPTIONS"],
    allowHeaders: [...REQUEST_HEADERS, ...tokenHeaders],
    maxAge: 86_400,
  });
  // For other methods it would start a response of its own, which Hono would merge with the real one.
  return (c, next) => c.req.method === "OPTIONS" ? answer(c, next) : next();
}
