import type { MiddlewareHandler } from "hono";
import { compress } from "hono/compress";
import { brotliCompressSync, constants } from "node:zlib";

const COMPRESSIBLE = /^(?:text\/|application\/json\b)/;
/** Shorter answers gain nothing. */
const LEAST_BYTES = 1024;
/** For what is made for one person: a few milliseconds. The best quality takes fifty to save 7 % more. */
const QUICK_QUALITY = 5;
/** For what browsers keep for good: it is compressed once. */
const BEST_QUALITY = constants.BROTLI_MAX_QUALITY;

/**
 * Compresses answers: with Brotli for clients that accept it, else with gzip, as on runtimes without
 * Brotli. CloudFront compresses nothing that it may not cache, and a self-hosted gateway nothing at
 * all; a proxy that does is told what to look at (`Vary`). Browsers accept Brotli over HTTPS, and over
 * HTTP on this machine.
 */
export function compression(): readonly MiddlewareHandler[] {
  return [compress({ contentTypeFilter: COMPRESSIBLE }), brotli()];
}

function brotli(): MiddlewareHandler {
  // Keyed by what was compressed: one file may be asked for at many addresses. It holds as many as
  // this release has files that browsers keep for good.
  const kept = new Map<string, ArrayBuffer | null>();
  function compressOnce(text: string): ArrayBuffer | null {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const compressed = compressText(text, BEST_QUALITY);
    kept.set(text, compressed);
    return compressed;
  }

  return async (c, next) => {
    await next();
    const { headers, body } = c.res;
    if (!COMPRESSIBLE.test(headers.get("Content-Type") ?? "")) return;
    if (body === null || headers.has("Content-Encoding") || c.req.method === "HEAD") return;
    if (!acceptsBrotli(c.req.header("Accept-Encoding"))) return;
    const text = await c.res.clone().text();
    if (text.length < LEAST_BYTES) return;
    const forGood = c.res.status === 200 && c.req.method === "GET" &&
      /\bimmutable\b/.test(headers.get("Cache-Control") ?? "");
    const compressed = forGood ? compressOnce(text) : compressText(text, QUICK_QUALITY);
    if (compressed === null) return;
    c.res = new Response(compressed, c.res);
    c.res.headers.set("Content-Encoding", "br");
    c.res.headers.append("Vary", "Accept-Encoding");
    c.res.headers.delete("Content-Length");
  };
}

/** RFC 9110, 12.5.3; a weight of 0 refuses. */
function acceptsBrotli(header: string | undefined): boolean {
  return (header ?? "").split(",").some((one) => {
    const [coding = "", weight = ""] = one.split(";").map((part) => part.trim());
    return coding.toLowerCase() === "br" && !/^q=0(?:\.0*)?$/i.test(weight);
  });
}

/** Null on a runtime without Brotli. */
function compressText(text: string, quality: number): ArrayBuffer | null {
  const bytes = new TextEncoder().encode(text);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  try {
    const { buffer, byteOffset, length } = brotliCompressSync(bytes, { params });
    return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
  } catch {
    return null;
  }
}
