import type { Random } from "../support/random.ts";
import { BREAKOUT, CANARY } from "./canary.ts";

const ACCEPT = [
  "text/html,application/xhtml+xml,*/*;q=0.8",
  "application/json",
  "*/*",
  `text/${CANARY}`,
  `text/html;q=${CANARY}`,
  "",
] as const;

const AGENTS = [
  "Mozilla/5.0 (Linux; Android 12; wv) AppleWebKit/537.36 Version/4.0 Chrome/120.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Linux; Android 9; wv) Version/4.0 Chrome/83.0.1",
  "WhatsApp/2.23",
  `Mozilla/5.0 ${CANARY}`,
  "Chrome/".repeat(1_000),
  "Version/4.0 (".repeat(900),
  "",
] as const;

/** Headers that browsers set, and others may set freely. Returns whether the request is a prefetch. */
export function addBrowserHeaders(random: Random, headers: [string, string][]): boolean {
  const maybe = (probability: number, name: string, ...values: [string, ...string[]]) => {
    if (random.chance(probability)) headers.push([name, random.pick(values)]);
  };
  maybe(0.8, "Accept", ...ACCEPT);
  maybe(0.6, "User-Agent", ...AGENTS);
  maybe(
    0.4,
    "Accept-Language",
    "fr",
    "ar,en;q=0.5",
    CANARY,
    "x".repeat(3_000),
    ";q=,,;",
    "__proto__",
  );
  maybe(0.2, "Accept-Encoding", "br", "gzip", "br, gzip", "br;q=0, identity", CANARY, "deflate");
  maybe(0.15, "Origin", "null", `https://${CANARY}.example`, "https://evil.example");
  maybe(0.15, "Sec-Fetch-Site", "same-origin", "cross-site", "none", CANARY);
  maybe(0.1, "Sec-Fetch-Dest", "document", "iframe", "empty", CANARY);
  maybe(0.1, "Sec-Fetch-Mode", "navigate", "cors", CANARY);
  maybe(0.05, "X-HTTP-Method-Override", "DELETE", CANARY);
  maybe(0.05, "X-Forwarded-Host", `${CANARY}.example`);
  maybe(0.03, "Host", `${CANARY}.example`, "127.0.0.1:1");
  maybe(0.03, "Range", "bytes=0-1", `bytes=${CANARY}`);
  maybe(0.03, "If-None-Match", "*", `"${CANARY}"`);
  maybe(0.03, "X-Request-Id", CANARY);
  maybe(0.05, `X-${CANARY}`, BREAKOUT, "\u00e9\u4e16");
  if (!random.chance(0.04)) return false;
  headers.push([
    random.pick(["Sec-Purpose", "Purpose", "X-Moz"]),
    random.pick(["prefetch", "prefetch;prerender", "preview"]),
  ]);
  return true;
}
