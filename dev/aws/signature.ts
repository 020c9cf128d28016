import { timingSafeEqual } from "node:crypto";
import { encode, sha256, signatureOf } from "../chime/control/sigv4.ts";
import { AwsProblem } from "./problem.ts";

/** A key pair that the stand-in knows. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request whose body has been read. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Who signed, and for which region and service. */
export interface Signed {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const SKEW_MS = 15 * 60_000;

/**
 * Checks AWS Signature Version 4 by computing it again. S3 alone does not encode the path a second
 * time. Source: "Create a signed AWS API request" (IAM user guide).
 */
export function verifySignature(
  request: WireRequest,
  credentials: readonly Credential[],
  now: number,
): Signed {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/
      .exec(request.headers.get("authorization") ?? "");
  if (!found) throw new AwsProblem(403, "MissingAuthenticationToken", "Request is not signed");
  const [, scope = "", names = "", given = ""] = found;
  const [accessKeyId = "", date = "", region = "", service = "", end = ""] = scope.split("/");
  const secret = credentials.find((one) => one.accessKeyId === accessKeyId)?.secretAccessKey;
  if (secret === undefined) {
    throw new AwsProblem(
      403,
      service === "s3" ? "InvalidAccessKeyId" : "InvalidClientTokenId",
      "The security token included in the request is invalid",
    );
  }
  const stamp = request.headers.get("x-amz-date") ?? "";
  const signedAt = Date.parse(
    stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (!(Math.abs(now - signedAt) <= SKEW_MS) || !stamp.startsWith(date)) {
    throw new AwsProblem(403, "RequestTimeTooSkewed", "The request's time is too far from ours");
  }
  const declared = request.headers.get("x-amz-content-sha256");
  if (declared !== null && declared !== sha256(request.body)) {
    throw new AwsProblem(400, "XAmzContentSHA256Mismatch", "The body is not the one declared");
  }
  const signedHeaders = names.split(";");
  const unsigned = [...request.headers.keys()].find((name) =>
    (name === "host" || name.startsWith("x-amz-")) && !signedHeaders.includes(name)
  );
  if (unsigned !== undefined) throw mismatch(`'${unsigned}' must be a signed header`);
  const path = service === "s3"
    ? request.url.pathname
    : request.url.pathname.split("/").map(encode).join("/");
  const canonical = [
    request.method,
    path,
    canonicalQuery(request.url.searchParams),
    ...signedHeaders.map((name) =>
      `${name}:${(request.headers.get(name) ?? "").replace(/\s+/g, " ").trim()}`
    ),
    "",
    names,
    sha256(request.body),
  ].join("\n");
  const expected = Buffer.from(
    signatureOf(secret, [date, region, service, end], stamp, canonical),
  );
  if (!timingSafeEqual(expected, Buffer.from(given))) {
    throw mismatch("The request signature we calculated does not match the signature you provided");
  }
  return { accessKeyId, region, service };
}

function mismatch(message: string): AwsProblem {
  return new AwsProblem(403, "SignatureDoesNotMatch", message);
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join("&");
}
