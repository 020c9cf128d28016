/**
 * AWS Signature Version 4, checked by computing it again with the known secret.
 * Source: "Create a signed AWS API request" (IAM user guide).
 */
import { Buffer } from "node:buffer";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What of a request a signature may cover; header names in lower case. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as sent, still percent-encoded. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Who signed, and where the signature holds. */
export interface Signer<C extends Credential = Credential> {
  readonly credential: C;
  readonly region: string;
  readonly service: string;
}

export type SignatureFault =
  | "missing"
  | "incomplete"
  | "unknown key"
  | "wrong time"
  | "changed body"
  | "wrong signature";

/** Why a request is refused; `service` is the one that it was signed for. */
export class SignatureError extends Error {
  constructor(readonly fault: SignatureFault, message: string, readonly service = "") {
    super(message);
  }
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,\s/]+)\/([^,\s/]+)\/([^,\s/]+)\/([^,\s/]+)\/([^,\s/]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/**
 * Checks a signature. Throws {@link SignatureError}.
 * @param now the machine's time in milliseconds
 * @param skewMs how far the signature's time may be from it
 */
export function verifySignature<C extends Credential>(
  request: SignedRequest,
  credentials: readonly C[],
  now: number,
  skewMs: number,
): Signer<C> {
  const { headers } = request;
  const authorization = headers["authorization"];
  if (authorization === undefined) {
    throw new SignatureError("missing", "Missing Authentication Token");
  }
  const [, key, date = "", region = "", service = "", end = "", names = "", given = ""] =
    AUTHORIZATION.exec(authorization) ?? [];
  if (key === undefined) {
    throw new SignatureError(
      "incomplete",
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature'.",
    );
  }
  const refuse = (fault: SignatureFault, message: string) =>
    new SignatureError(fault, message, service);
  const credential = credentials.find(({ accessKeyId }) => accessKeyId === key);
  if (credential === undefined) {
    throw refuse("unknown key", "The security token included in the request is invalid.");
  }
  if (end !== "aws4_request") {
    throw refuse(
      "wrong signature",
      "Credential should be scoped with a valid terminator: 'aws4_request'.",
    );
  }
  const stamp = headers["x-amz-date"] ?? "";
  const signedAt = Date.parse(
    stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (Number.isNaN(signedAt) || !stamp.startsWith(`${date}T`)) {
    throw refuse(
      "wrong time",
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date",
    );
  }
  if (now - signedAt > skewMs) throw refuse("wrong time", `Signature expired: ${stamp}`);
  if (signedAt - now > skewMs) throw refuse("wrong time", `Signature not yet current: ${stamp}`);
  const unsigned = Object.keys(headers).find((name) =>
    (name === "host" || name.startsWith("x-amz-")) && !names.split(";").includes(name)
  );
  if (unsigned !== undefined) {
    throw refuse("wrong signature", `'${unsigned}' must be a 'SignedHeader'.`);
  }
  const declared = headers["x-amz-content-sha256"];
  if (declared !== undefined && declared !== sha256(request.body)) {
    throw refuse(
      "changed body",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const expected = sign(request, credential, { date, region, service }, names);
  if (!timingSafeEqual(expected, Buffer.from(given, "hex"))) {
    throw refuse(
      "wrong signature",
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method.",
    );
  }
  return { credential, region, service };
}

function sign(
  { method, path, query, headers, body }: SignedRequest,
  { secretAccessKey }: Credential,
  scope: { readonly date: string; readonly region: string; readonly service: string },
  signedHeaders: string,
): Buffer {
  const canonical = [
    method,
    // Every service but S3 encodes each segment once more.
    scope.service === "s3" ? path : path.split("/").map(encode).join("/"),
    canonicalQuery(query),
    ...signedHeaders.split(";").map((name) =>
      `${name}:${(headers[name] ?? "").replace(/\s+/g, " ").trim()}`
    ),
    "",
    signedHeaders,
    sha256(body),
  ].join("\n");
  const terms = [scope.date, scope.region, scope.service, "aws4_request"];
  const stamp = headers["x-amz-date"];
  const text = ["AWS4-HMAC-SHA256", stamp, terms.join("/"), sha256(canonical)].join("\n");
  const key = terms.reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, text);
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query.split("&").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return `${encode(decodeURIComponent(name))}=${encode(decodeURIComponent(value.join("=")))}`;
  }).sort().join("&");
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Uint8Array, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}
