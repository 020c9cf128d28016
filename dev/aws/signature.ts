import {
  type Credential,
  SignatureError,
  type SignatureFault,
  type Signer,
  verifySignature,
} from "../chime/control/sigv4.ts";
import { AwsProblem } from "./problem.ts";

export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

const SKEW_MS = 15 * 60_000;

/** Statuses and codes of what is refused; by itself it is a 403 `SignatureDoesNotMatch`. */
const PROBLEMS: Readonly<Partial<Record<SignatureFault, readonly [number, string]>>> = {
  "missing": [403, "MissingAuthenticationToken"],
  "incomplete": [403, "MissingAuthenticationToken"],
  "unknown key": [403, "InvalidClientTokenId"],
  "wrong time": [403, "RequestTimeTooSkewed"],
  "changed body": [400, "XAmzContentSHA256Mismatch"],
};

/** Checks a request's signature. Throws the `AwsProblem` that AWS answers. */
export function checkSignature(
  { method, url, headers, body }: WireRequest,
  credentials: readonly Credential[],
): Signer {
  const request = {
    method,
    path: url.pathname,
    query: url.search.slice(1),
    headers: Object.fromEntries(headers),
    body,
  };
  try {
    return verifySignature(request, credentials, Date.now(), SKEW_MS);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    const { fault, message, service } = error;
    const [status, code] = PROBLEMS[fault] ?? [403, "SignatureDoesNotMatch"];
    const isS3Key = service === "s3" && fault === "unknown key";
    throw new AwsProblem(status, isS3Key ? "InvalidAccessKeyId" : code, message);
  }
}
