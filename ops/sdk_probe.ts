import { createHash } from "node:crypto";

/** One thing that a page needs of its SDK file. */
export interface SdkFinding {
  readonly check: "reachable" | "hash" | "type" | "cors" | "caching" | "compression";
  readonly good: boolean;
  /** What was seen. */
  readonly found: string;
  readonly remedy: string;
}

/** What a fetch of the file showed. */
export interface SdkProbe {
  readonly findings: readonly SdkFinding[];
  /** To the last byte, in milliseconds. */
  readonly ms: number;
  /** The edge that answered, e.g. `JNB51-P1`, where CloudFront says so. */
  readonly edge: string | null;
}

const REMEDIES = {
  reachable: "publish the file (deno task cdn:publish) and check CHIME_SDK_CDN_URL; a 403 is a " +
    "file that is not there, or a bucket policy without this distribution",
  hash: "point CHIME_SDK_CDN_URL and CHIME_SDK_INTEGRITY at the same file, together: " +
    "deno task cdn:rollback",
  type: "publish it by deno task cdn:publish, which says text/javascript; with nosniff a browser " +
    "runs nothing else",
  cors: "attach the response headers policy of ops/stacks/sdk.yaml: deno task cdn:deploy",
  caching: "publish it by deno task cdn:publish, which says public, max-age=31536000, immutable",
  compression: "let the CDN pack it (Compress, and a cache policy that allows it): " +
    "deno task cdn:deploy",
} as const;

const TIMEOUT_MS = 30_000;

/**
 * Fetches an SDK file the way a page on a phone does (another origin, Brotli welcome) and judges what
 * came. Nothing is thrown: what can't be fetched is a finding.
 */
export async function probeSdk(url: string, integrity: string | undefined): Promise<SdkProbe> {
  const began = performance.now();
  const judge = (
    check: SdkFinding["check"],
    good: boolean,
    found: string,
  ): SdkFinding => ({ check, good, found, remedy: good ? "" : REMEDIES[check] });
  let answer: Response;
  let bytes: Uint8Array;
  try {
    answer = await fetch(url, {
      headers: { Origin: "https://visit.example.org", "Accept-Encoding": "br, gzip" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    bytes = new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const ms = performance.now() - began;
    return { findings: [judge("reachable", false, found)], ms, edge: null };
  }
  const header = (name: string) => answer.headers.get(name) ?? "";
  const { status } = answer;
  const facts = {
    ms: performance.now() - began,
    edge: answer.headers.get("x-amz-cf-pop"),
  };
  const reachable = judge("reachable", status === 200, `${status}, ${bytes.length} bytes`);
  if (!reachable.good) return { findings: [reachable], ...facts };
  const sha384 = `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
  const cache = header("cache-control");
  const age = Number(/max-age=(\d+)/.exec(cache)?.[1] ?? 0);
  return {
    findings: [
      reachable,
      ...(integrity === undefined ? [] : [
        judge("hash", sha384 === integrity, sha384 === integrity ? "as expected" : sha384),
      ]),
      judge(
        "type",
        /^(text|application)\/javascript\b/.test(header("content-type")),
        header("content-type"),
      ),
      judge(
        "cors",
        header("access-control-allow-origin") === "*",
        header("access-control-allow-origin") || "no Access-Control-Allow-Origin",
      ),
      judge(
        "caching",
        age >= 31_536_000 && /\bimmutable\b/.test(cache),
        cache || "no Cache-Control",
      ),
      judge(
        "compression",
        ["br", "gzip"].includes(header("content-encoding")),
        header("content-encoding") || "not packed",
      ),
    ],
    ...facts,
  };
}
