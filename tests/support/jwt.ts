/** Tokens as bytes: what is signed is written exactly as given. */

export type Json = Readonly<Record<string, unknown>>;

/** A token signed by a shared secret (HS256). */
export async function signBySecret(secret: string, header: Json, claims: unknown): Promise<string> {
  // An empty key is what a verifier gets that reads its key from an empty file.
  const bytes = new TextEncoder().encode(secret === "" ? "\0" : secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const signed = `${encodeJson({ alg: "HS256", typ: "JWT", ...header })}.${encodeJson(claims)}`;
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(signed));
  return `${signed}.${encodeBytes(new Uint8Array(signature))}`;
}

/** A value as JSON in base64url. */
export function encodeJson(value: unknown): string {
  return encodeBytes(new TextEncoder().encode(JSON.stringify(value)));
}

/** Bytes in base64url, without padding. */
export function encodeBytes(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
