/** Shape of a pass or session token: 256 bits in base64url, without padding. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Whether a text can be one of our tokens at all; saves a question to the database. */
export function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/** A fresh opaque token of 256 bits, for passes and sessions. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The form in which a token is kept and looked up: SHA-256 in lower-case hex. A look-up by the hash
 * of 256 random bits tells an attacker's clock nothing about any token, so it needs no
 * constant-time comparison of its own.
 */
export async function hashSecret(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
