import { exportJWK, exportSPKI, type JWK } from "jose";
import type { Issuer } from "../support/issuer.ts";

export type Json = Readonly<Record<string, unknown>>;

/** An issuer whose tokens may be anything: headers and claims are written as they are given. */
export interface Signer extends Issuer {
  readonly alg: "ES256" | "RS256";
  readonly kid: string;
  /** Whose tokens it signs unless told otherwise. */
  readonly subject: string;
  readonly publicJwk: JWK;
  /** The public key as text: what a careless verifier would take for a shared secret. */
  readonly publicPem: string;
  /** A token that is right but for `changes`; undefined removes a claim or a header. */
  sign(changes: { readonly header?: Json; readonly claims?: unknown }): Promise<string>;
}

const ALGORITHMS = {
  ES256: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const;

/** Makes an issuer with a fresh key; another one of the same names is its forger. */
export async function createSigner(
  names: Pick<Signer, "issuer" | "audience" | "alg" | "kid" | "subject">,
): Promise<Signer> {
  const { alg, kid } = names;
  const algorithm = ALGORITHMS[alg];
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, [
    "sign",
    "verify",
  ]);
  const publicJwk = { ...await exportJWK(publicKey), kid, alg, use: "sig" };
  const right = (subject: string) => {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: names.issuer,
      aud: names.audience,
      sub: subject,
      role: "authenticated",
      iat: now,
      exp: now + 3_600,
    };
  };
  const sign: Signer["sign"] = async ({ header = {}, claims = {} }) => {
    const isObject = typeof claims === "object" && claims !== null && !Array.isArray(claims);
    const head = encodeJson({ alg, kid, typ: "JWT", ...header });
    const payload = encodeJson(isObject ? { ...right(names.subject), ...claims } : claims);
    const signed = new TextEncoder().encode(`${head}.${payload}`);
    const signature = await crypto.subtle.sign(algorithm, privateKey, signed);
    return `${head}.${payload}.${encodeBytes(new Uint8Array(signature))}`;
  };
  return {
    issuer: names.issuer,
    audience: names.audience,
    alg,
    kid,
    subject: names.subject,
    jwks: { keys: [publicJwk] },
    publicJwk,
    publicPem: await exportSPKI(publicKey),
    sign,
    token: (sub, changes = {}) => sign({ claims: { sub, ...changes } }),
  };
}

/** A token by a shared secret (HS256). */
export async function signBySecret(secret: string, header: Json, claims: unknown): Promise<string> {
  // An empty key is what a verifier gets that reads its key from an empty file.
  const bytes = new TextEncoder().encode(secret === "" ? "\0" : secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const signed = `${encodeJson({ alg: "HS256", typ: "JWT", ...header })}.${encodeJson(claims)}`;
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(signed));
  return `${signed}.${encodeBytes(new Uint8Array(signature))}`;
}

/** JSON in base64url. */
export function encodeJson(value: unknown): string {
  return encodeBytes(new TextEncoder().encode(JSON.stringify(value)));
}

/** Bytes in base64url, without padding. */
export function encodeBytes(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
