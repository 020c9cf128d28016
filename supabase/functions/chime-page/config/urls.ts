/**
 * Addresses in settings. They end up in headers, in policies and in markup, where a blank, a `;`, a
 * `,` or a quote would end what it stands in and begin something else.
 */

/** Scheme, host with port and path, of characters that stand for themselves everywhere. */
const ADDRESS = String
  .raw`https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?(?:/[\w.~%:@+=&!$/-]*)?`;
const SHAPES = {
  "no-query": new RegExp(`^${ADDRESS}$`, "i"),
  "with-query": new RegExp(String.raw`^${ADDRESS}(?:\?[\w.~%:@+=&/-]*)?$`, "i"),
};

/** Whether a host, as `URL` writes it, is this very machine. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/\.$/, "").toLowerCase();
  return host === "localhost" || host.endsWith(".localhost") || host === "0.0.0.0" ||
    /^127\.\d+\.\d+\.\d+$/.test(host) || host === "[::1]" || host === "[::]" ||
    /^\[::ffff:(?:7f[0-9a-f]{2}:[0-9a-f]+|0:0)\]$/.test(host);
}

/** Whether a text is an address of this very machine. */
export function isLoopbackUrl(text: string): boolean {
  return URL.canParse(text) && isLoopback(new URL(text).hostname);
}

/** An address as `URL` writes it: `https:`, or plain HTTP to this very machine for development. */
export function safeUrl(text: string, query: keyof typeof SHAPES): string | undefined {
  const url = plainUrl(text, query);
  return url && (url.protocol === "https:" || isLoopback(url.hostname)) ? url.href : undefined;
}

/** Any plain `http:` or `https:` address, such as the one of Supabase's own network. */
export function plainUrl(text: string, query: keyof typeof SHAPES): URL | undefined {
  return SHAPES[query].test(text) && URL.canParse(text) ? new URL(text) : undefined;
}
