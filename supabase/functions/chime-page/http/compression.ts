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
  // By what was packed: one file may be asked for by many addresses, and an address of it answered
  // with something else. As many as this release has files that are kept for good.
  const kept = new Map<string, ArrayBuffer | null>();
  function packOnce(text: string): ArrayBuffer | null {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const packed = pack(text, BEST);
    kept.set(text, packed);
    return packed;
  }

  return async (c, next) => {
    await next();
    const { headers, body } = c.res;
    if (!PACKED.test(headers.get("Content-Type") ?? "")) return;
    if (body === null || headers.has("Content-Encoding") || c.req.method === "HEAD") return;
    if (!acceptsBrotli(c.req.header("Accept-Encoding"))) return;
    const text = await c.res.clone().text();
    if (text.length < LEAST_BYTES) return;
    const forGood = c.res.status === 200 && c.req.method === "GET" &&
      /\bimmutable\b/.test(headers.get("Cache-Control") ?? "");
    const packed = forGood ? packOnce(text) : pack(text, QUICK);
    if (packed === null) return;
    c.res = new Response(packed, c.res);
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

function pack(text: string, quality: number): ArrayBuffer | null {
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
