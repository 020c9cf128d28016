import { createHash } from "node:crypto";

/** A pass or session token: 256 bits in base64url without padding. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Whether a string has the format of a token; if not, the database need not be asked. */
export function isSecret(text: string): boolean {
  return SECRET.test(text);
}

/** Creates a random token of 256 bits for a pass or a session. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Hashes a token for storage and lookup.
 *
 * Looking up the hash of 256 random bits leaks nothing about other tokens through timing, so no
 * constant-time comparison is needed.
 * @returns SHA-256 in lowercase hex
 */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
