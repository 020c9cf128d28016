import { createHash } from "node:crypto";

/** One thing that a page needs of its SDK file, and whether it is so. */
export interface SdkFinding {
  readonly check: "reachable" | "hash" | "type" | "cors" | "caching" | "compression";
  readonly good: boolean;
  /** What was seen. */
  readonly found: string;
  readonly remedy: string;
}

/** What fetching the file showed. */
export interface SdkProbe {
  readonly findings: readonly SdkFinding[];
  /** Milliseconds from the request to the last byte. */
  readonly ms: number;
  /** The edge location that responded, such as `JNB51-P1`, if CloudFront says so. */
  readonly edge: string | null;
}

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

/**
 * Fetches an SDK file as a page on a phone does (from another origin, accepting Brotli) and checks the
 * response. Throws nothing: a file that cannot be fetched is a finding.
 * @param integrity the expected hash, `sha384-…`; where it is not known, the hash is not checked
 */
export async function probeSdk(url: string, integrity: string | undefined): Promise<SdkProbe> {
  const began = performance.now();
  const finding = (
    check: SdkFinding["check"],
    good: boolean,
    found: string,
  ): SdkFinding => ({ check, good, found, remedy: good ? "" : REMEDIES[check] });
  let response: Response;
  let bytes: Uint8Array;
  try {
    response = await fetch(url, {
      headers: { Origin: "https://visit.example.org", "Accept-Encoding": "br, gzip" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const ms = performance.now() - began;
    return { findings: [finding("reachable", false, found)], ms, edge: null };
  }
  const header = (name: string) => response.headers.get(name) ?? "";
  const { status } = response;
  const facts = {
    ms: performance.now() - began,
    edge: response.headers.get("x-amz-cf-pop"),
  };
  const reachable = finding("reachable", status === 200, `${status}, ${bytes.length} bytes`);
  if (!reachable.good) return { findings: [reachable], ...facts };
  const sha384 = `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
  const cache = header("cache-control");
  const age = Number(/max-age=(\d+)/.exec(cache)?.[1] ?? 0);
  return {
    findings: [
      reachable,
      ...(integrity === undefined ? [] : [
        finding("hash", sha384 === integrity, sha384 === integrity ? "as expected" : sha384),
      ]),
      finding(
        "type",
        /^(text|application)\/javascript\b/.test(header("content-type")),
        header("content-type"),
      ),
      finding(
        "cors",
        header("access-control-allow-origin") === "*",
        header("access-control-allow-origin") || "no Access-Control-Allow-Origin",
      ),
      finding(
        "caching",
        age >= 31_536_000 && /\bimmutable\b/.test(cache),
        cache || "no Cache-Control",
      ),
      finding(
        "compression",
        ["br", "gzip"].includes(header("content-encoding")),
        header("content-encoding") || "not compressed",
      ),
    ],
    ...facts,
  };
}
