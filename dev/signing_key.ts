import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from "jose";

/** Signs tokens of the local project, so that `dev` can open a visit as anybody. */
export interface SigningKey {
  /** For `SUPABASE_JWKS`. */
  readonly jwks: JSONWebKeySet;
  /** A bearer token of an hour for a subject of `chime_page.participants`. */
  token(subject: string): Promise<string>;
}

/** Creates a key that nothing else knows and that ends with the process. */
export async function createSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const kid = crypto.randomUUID();
  return {
    jwks: { keys: [{ ...await exportJWK(publicKey), kid, alg: "ES256", use: "sig" }] },
    token: (subject) =>
      new SignJWT({ role: "authenticated" })
        .setProtectedHeader({ alg: "ES256", kid })
        .setIssuer("http://127.0.0.1/auth/v1")
        .setAudience("authenticated")
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(privateKey),
  };
}
