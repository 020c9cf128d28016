import { timingSafeEqual } from "node:crypto";
import { ControlProblem } from "./problem.ts";
import { encode, type Scope, sha256, signatureOf } from "./sigv4.ts";
import type { WireRequest } from "./wire.ts";

/** A key pair that the control plane knows. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Given for temporary credentials only; must then be sent as `x-amz-security-token`. */
  readonly sessionToken?: string;
}

/** What a signature is checked against. */
export interface SignatureRules {
  readonly credentials: readonly Credential[];
  readonly region: string;
  readonly service: string;
  /** The machine's time in milliseconds. */
  readonly now: number;
  readonly clockSkewMs: number;
}

interface Authorization {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Checks AWS Signature Version 4 by computing it again with the known secret.
 *
 * Throws the `ControlProblem` that AWS answers: 403 for no, wrong, old or foreign signatures.
 * Source: "Create a signed AWS API request" (IAM user guide).
 */
export function verifySignature(request: WireRequest, rules: SignatureRules): void {
  const authorization = readAuthorization(request.headers["authorization"]);
  const credential = rules.credentials.find((c) => c.accessKeyId === authorization.accessKeyId);
  if (
    credential === undefined ||
    request.headers["x-amz-security-token"] !== credential.sessionToken
  ) {
    throw new ControlProblem(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  }
  checkScope(authorization, rules);
  checkTime(request, authorization, rules);
  checkCovered(request, authorization);
  const expected = Buffer.from(sign(request, authorization, credential.secretAccessKey), "utf8");
  const given = Buffer.from(authorization.signature, "utf8");
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw invalid(
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method.",
    );
  }
}

function invalid(message: string): ControlProblem {
  return new ControlProblem("InvalidSignatureException", message);
}

function readAuthorization(header: string | undefined): Authorization {
  if (header === undefined) {
    throw new ControlProblem(
      "MissingAuthenticationTokenException",
      "Missing Authentication Token",
    );
  }
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/
      .exec(header);
  const [accessKeyId, date, region, service, end, ...rest] = found?.[1]?.split("/") ?? [];
  const signature = found?.[3];
  if (
    !accessKeyId || !date || !region || !service || !end || rest.length > 0 || !signature
  ) {
    throw new ControlProblem(
      "IncompleteSignatureException",
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature'.",
    );
  }
  return {
    accessKeyId,
    scope: [date, region, service, end],
    signedHeaders: found?.[2]?.split(";") ?? [],
    signature,
  };
}

function checkScope({ scope }: Authorization, rules: SignatureRules): void {
  const [, region, service, end] = scope;
  if (region !== rules.region) throw invalid("Credential should be scoped to a valid region.");
  if (service !== rules.service) {
    throw invalid(`Credential should be scoped to correct service: '${rules.service}'.`);
  }
  if (end !== "aws4_request") {
    throw invalid("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
}

function checkTime(request: WireRequest, { scope }: Authorization, rules: SignatureRules): void {
  const stamp = request.headers["x-amz-date"] ?? "";
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp)?.slice(1).map(Number);
  if (parts === undefined || stamp.slice(0, 8) !== scope[0]) {
    throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date");
  }
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  const age = rules.now - Date.UTC(year, month - 1, day, hour, minute, second);
  if (age > rules.clockSkewMs) throw invalid(`Signature expired: ${stamp}`);
  if (age < -rules.clockSkewMs) throw invalid(`Signature not yet current: ${stamp}`);
}

function checkCovered(request: WireRequest, { signedHeaders }: Authorization): void {
  const required = Object.keys(request.headers).filter((name) =>
    name === "host" || name.startsWith("x-amz-")
  );
  const missing = required.find((name) => !signedHeaders.includes(name));
  if (missing !== undefined) throw invalid(`'${missing}' must be a 'SignedHeader'.`);
  const declared = request.headers["x-amz-content-sha256"];
  if (declared !== undefined && declared !== sha256(request.body)) {
    throw invalid("The provided 'x-amz-content-sha256' header does not match what was computed.");
  }
}

function sign(request: WireRequest, authorization: Authorization, secret: string): string {
  const { scope, signedHeaders } = authorization;
  const headers = signedHeaders.map((name) =>
    `${name}:${(request.headers[name] ?? "").replace(/\s+/g, " ").trim()}\n`
  );
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    headers.join(""),
    signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
  return signatureOf(secret, scope, request.headers["x-amz-date"] ?? "", canonical);
}

/** Each segment of the path is encoded once more, as for every service but S3. */
function canonicalPath(path: string): string {
  return path.split("/").map(encode).join("/");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query.split("&").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return `${encode(decodeURIComponent(name))}=${encode(decodeURIComponent(value.join("=")))}`;
  }).sort().join("&");
}
