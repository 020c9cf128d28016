import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

/** A token issuer with a key pair of its own: what Supabase's or Firebase's signing service is. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  /** Public keys, as the issuer would publish them. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** A signed token. `changes` overrides or, by undefined, removes claims. */
  token(subject: string, changes?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Options of {@link createIssuer}; two issuers of the same names forge each other. */
export interface IssuerNames {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithm?: "ES256" | "RS256";
  readonly keyId?: string;
}

/** Makes an issuer with a fresh key. */
export async function createIssuer(names: IssuerNames): Promise<Issuer> {
  const alg = names.algorithm ?? "ES256";
  const kid = names.keyId ?? "key-1";
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...await exportJWK(publicKey), kid, alg, use: "sig" };
  return {
    issuer: names.issuer,
    audience: names.audience,
    jwks: { keys: [jwk] },
    token: (subject, changes = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const claims: Record<string, unknown> = {
        iss: names.issuer,
        aud: names.audience,
        sub: subject,
        role: "authenticated",
        iat: now,
        exp: now + 3600,
        ...changes,
      };
      for (const [name, value] of Object.entries(claims)) {
        if (value === undefined) delete claims[name];
      }
      return new SignJWT(claims).setProtectedHeader({ alg, kid, typ: "JWT" }).sign(privateKey);
    },
  };
}

/** Publishes an issuer's keys on loopback, as its JWKS URL does. */
export function publishKeys(issuer: Issuer) {
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
