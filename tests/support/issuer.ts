import { exportJWK, exportSPKI, type JWK } from "jose";
import { encodeBytes, encodeJson, type Json } from "./jwt.ts";

/** A token issuer with a key pair of its own, as Supabase's or Firebase's signing service is one. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  readonly alg: "ES256" | "RS256";
  readonly kid: string;
  /** Whose tokens it signs unless told otherwise. */
  readonly subject: string;
  /** Public keys, as the issuer would publish them. */
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly publicJwk: JWK;
  /** The public key as text: what a careless verifier would take for a shared secret. */
  readonly publicPem: string;
  /** A signed token of a person. `changes` override claims or, by undefined, remove them. */
  token(subject: string, changes?: Json): Promise<string>;
  /**
   * A signed token that is valid except for `changes`; undefined removes a claim or a header. Claims
   * that are not an object replace all others.
   */
  sign(changes: { readonly header?: Json; readonly claims?: unknown }): Promise<string>;
}

/** Options of {@link createIssuer}; two issuers with the same names forge each other's tokens. */
export type IssuerNames =
  & Pick<Issuer, "issuer" | "audience">
  & Partial<Pick<Issuer, "alg" | "kid" | "subject">>;

const ALGORITHMS = {
  ES256: { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const;

/** Creates an issuer with a fresh key. */
export async function createIssuer(
  { issuer, audience, alg = "ES256", kid = "key-1", subject = "person" }: IssuerNames,
): Promise<Issuer> {
  const algorithm = ALGORITHMS[alg];
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, [
    "sign",
    "verify",
  ]);
  const publicJwk = { ...await exportJWK(publicKey), kid, alg, use: "sig" };
  const valid = () => {
    const iat = Math.floor(Date.now() / 1000);
    const role = "authenticated";
    return { iss: issuer, aud: audience, sub: subject, role, iat, exp: iat + 3_600 };
  };
  const sign: Issuer["sign"] = async ({ header = {}, claims = {} }) => {
    const isObject = typeof claims === "object" && claims !== null && !Array.isArray(claims);
    const head = encodeJson({ alg, kid, typ: "JWT", ...header });
    const payload = encodeJson(isObject ? { ...valid(), ...claims } : claims);
    const signed = new TextEncoder().encode(`${head}.${payload}`);
    const signature = await crypto.subtle.sign(algorithm, privateKey, signed);
    return `${head}.${payload}.${encodeBytes(new Uint8Array(signature))}`;
  };
  return {
    issuer,
    audience,
    alg,
    kid,
    subject,
    jwks: { keys: [publicJwk] },
    publicJwk,
    publicPem: await exportSPKI(publicKey),
    sign,
    token: (sub, changes = {}) => sign({ claims: { sub, ...changes } }),
  };
}

/** Publishes an issuer's keys on loopback, as its JWKS URL does. */
export function publishKeys(issuer: Pick<Issuer, "jwks">) {
  let asked = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    asked++;
    return Response.json(issuer.jwks);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/jwks.json`,
    /** How often the keys were fetched. */
    asked: () => asked,
    stop: () => server.shutdown(),
  };
}
