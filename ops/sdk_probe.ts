import { integrityOf } from "../sdk/manifest.ts";
import { NoResponse, request } from "./request.ts";

const REMEDIES = {
  reachable:
    "publish the file (deno task cdn:publish) and check CHIME_SDK_CDN_URL; a 403 means that " +
    "the file is not there, or that the bucket policy does not name this distribution",
  hash: "point CHIME_SDK_CDN_URL and CHIME_SDK_INTEGRITY at the same file, together: " +
    "deno task cdn:rollback",
  type:
    "publish it by deno task cdn:publish, which sets text/javascript; because of nosniff a browser " +
    "runs nothing else",
  cors: "attach the response headers policy of ops/stacks/sdk.yaml: deno task cdn:deploy",
  caching: "publish it by deno task cdn:publish, which sets public, max-age=31536000, immutable",
  compression: "let the CDN compress it (Compress, and a cache policy that allows it): " +
    "deno task cdn:deploy",
} as const;

const TIMEOUT_MS = 30_000;

/** One thing that a page needs of its SDK file, whether it is so, and what was seen. */
function finding(check: keyof typeof REMEDIES, good: boolean, found: string) {
  return { check, good, found, remedy: good ? "" : REMEDIES[check] };
}

/**
 * Fetches an SDK file as a page on a phone does (from another origin, accepting Brotli) and checks the
 * response: `findings`, the milliseconds to the last byte, and the edge location that responded, such
 * as `JNB51-P1`, if CloudFront names it. A file that cannot be fetched is a finding too.
 * @param integrity the expected hash, `sha384-…`; where it is not known, the hash is not checked
 */
export async function probeSdk(url: string, integrity: string | undefined) {
  const began = performance.now();
  const headers = { Origin: "https://visit.example.org", "Accept-Encoding": "br, gzip" };
  const response = await request(url, { headers }, TIMEOUT_MS).catch((error: NoResponse) => error);
  if (response instanceof NoResponse) {
    const findings = [finding("reachable", false, response.message)];
    return { findings, ms: performance.now() - began, edge: null };
  }
  const { status, bytes, ms } = response;
  const edge = response.headers.get("x-amz-cf-pop");
  const findings = [finding("reachable", status === 200, `${status}, ${bytes.length} bytes`)];
  if (status !== 200) return { findings, ms, edge };
  const header = (name: string) => response.headers.get(name) ?? "";
  if (integrity !== undefined) {
    const hash = integrityOf(bytes);
    findings.push(finding("hash", hash === integrity, hash === integrity ? "as expected" : hash));
  }
  const type = header("content-type");
  const cors = header("access-control-allow-origin");
  const cache = header("cache-control");
  const isKept = Number(/max-age=(\d+)/.exec(cache)?.[1] ?? 0) >= 31_536_000 &&
    /\bimmutable\b/.test(cache);
  const encoding = header("content-encoding");
  findings.push(
    finding("type", /^(text|application)\/javascript\b/.test(type), type),
    finding("cors", cors === "*", cors || "no Access-Control-Allow-Origin"),
    finding("caching", isKept, cache || "no Cache-Control"),
    finding("compression", ["br", "gzip"].includes(encoding), encoding || "not compressed"),
  );
  return { findings, ms, edge };
}
