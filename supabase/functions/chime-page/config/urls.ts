/**
 * URLs in settings. They become part of headers, Content-Security-Policies and markup, where spaces,
 * semicolons, commas and quotes are separators.
 * @module
 */

/** Scheme, host, port and path, without characters that have a meaning in these places. */
const ADDRESS = String
  .raw`https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?(?:/[\w.~%:@+=&!$/-]*)?`;
const PATTERNS = {
  "no-query": new RegExp(`^${ADDRESS}$`, "i"),
  "with-query": new RegExp(String.raw`^${ADDRESS}(?:\?[\w.~%:@+=&/-]*)?$`, "i"),
};

/** Whether a hostname, as normalized by `URL`, means this machine. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/\.$/, "").toLowerCase();
  return host === "localhost" || host.endsWith(".localhost") || host === "0.0.0.0" ||
    /^127\.\d+\.\d+\.\d+$/.test(host) || host === "[::1]" || host === "[::]" ||
    /^\[::ffff:(?:7f[0-9a-f]{2}:[0-9a-f]+|0:0)\]$/.test(host);
}

/** Whether a string is a URL on this machine. */
export function isLoopbackUrl(text: string): boolean {
  return URL.canParse(text) && isLoopback(new URL(text).hostname);
}

/** Whether a URL makes sense only in development: on this machine, or unencrypted. */
export function isLocalUrl(text: string): boolean {
  return isLoopbackUrl(text) || new URL(text).protocol === "http:";
}

/**
 * Validates an `https:` URL, or an `http:` URL on this machine for development.
 * @returns the URL as normalized by `URL`; undefined if it is not valid
 */
export function safeUrl(text: string, query: keyof typeof PATTERNS): string | undefined {
  const url = plainUrl(text, query);
  return url && (url.protocol === "https:" || isLoopback(url.hostname)) ? url.href : undefined;
}

/** Parses any `http:` or `https:` URL, such as one inside Supabase's network; undefined if invalid. */
export function plainUrl(text: string, query: keyof typeof PATTERNS): URL | undefined {
  return PATTERNS[query].test(text) && URL.canParse(text) ? new URL(text) : undefined;
}
