/** What every check of Signature Version 4 computes. Source: IAM user guide, "Create a signed request". */
import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";

/** Where a signature holds: date (YYYYMMDD), region, service, `aws4_request`. */
export type Scope = readonly [date: string, region: string, service: string, end: string];

/**
 * The signature of a canonical request, in hex.
 * @param stamp the request's `x-amz-date`
 */
export function signatureOf(
  secret: string,
  scope: Scope,
  stamp: string,
  canonicalRequest: string,
): string {
  const text = ["AWS4-HMAC-SHA256", stamp, scope.join("/"), sha256(canonicalRequest)].join("\n");
  const key = scope.reduce<Uint8Array | string>((key, part) => hmac(key, part), `AWS4${secret}`);
  return Buffer.from(hmac(key, text)).toString("hex");
}

/** RFC 3986: everything but the unreserved characters. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** SHA-256 in lower-case hex. */
export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Uint8Array | string, data: string): Uint8Array {
  return createHmac("sha256", key).update(data).digest();
}
