import type { MiddlewareHandler } from "hono";
import { compress } from "hono/compress";
import { brotliCompressSync, constants } from "node:zlib";

const PACKED = /^(?:text\/|application\/json\b)/;
/** Shorter answers gain nothing. */
const LEAST_BYTES = 1024;
/** What is made for one person: a few milliseconds. The best would take fifty, and save 7 % more. */
const QUICK = 5;
/** What browsers keep for good is packed once, as well as it goes. */
const BEST = constants.BROTLI_MAX_QUALITY;

/**
 * Packs answers: with Brotli for those who can unpack it, else with gzip. A proxy before the function
 * may pack as well and is told to (`Vary`); CloudFront packs nothing that it may not keep, and a
 * self-hosted gateway nothing at all. Browsers take Brotli over HTTPS, and over HTTP on this machine.
 * A runtime without Brotli answers with gzip.
 */
export function packing(): readonly MiddlewareHandler[] {
  return [compress({ contentTypeFilter: PACKED }), brotli()];
}

function brotli(): MiddlewareHandler {
  const kept = new Map<string, ArrayBuffer>();
  return async (c, next) => {
    await next();
    const { headers, body } = c.res;
    if (!PACKED.test(headers.get("Content-Type") ?? "")) return;
    if (body === null || headers.has("Content-Encoding") || c.req.method === "HEAD") return;
    if (!acceptsBrotli(c.req.header("Accept-Encoding"))) return;
    const whole = new Uint8Array(await c.res.clone().arrayBuffer());
    if (whole.length < LEAST_BYTES) return;
    const forGood = /\bimmutable\b/.test(headers.get("Cache-Control") ?? "");
    const packed = kept.get(c.req.path) ?? pack(whole, forGood ? BEST : QUICK);
    if (packed === null) return;
    if (forGood) kept.set(c.req.path, packed);
    c.res = new Response(packed, c.res);
    c.res.headers.set("Content-Encoding", "br");
    c.res.headers.append("Vary", "Accept-Encoding");
    c.res.headers.delete("Content-Length");
  };
}

/** RFC 9110, 12.5.3; a weight of 0 refuses. */
function acceptsBrotli(header: string | undefined): boolean {
  return (header ?? "").split(",").some((one) => {
    const [coding = "", weight = ""] = one.trim().split(/\s*;\s*/);
    return coding.toLowerCase() === "br" && !/^q=0(?:\.0*)?$/i.test(weight);
  });
}

function pack(bytes: Uint8Array, quality: number): ArrayBuffer | null {
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
