/** Data messages. Anyone in the meeting can send anything. */

/** Chime's limit for the data of one message, in bytes. */
export const MAX_BYTES = 2048;

/** Parses the object in a message; null for anything else. The caller must validate its values. */
export function readData(message: { text(): string }): Readonly<Record<string, unknown>> | null {
  try {
    const text = message.text();
    const value: unknown = text.length > MAX_BYTES ? null : JSON.parse(text);
    return typeof value === "object" ? value as Record<string, unknown> | null : null;
  } catch {
    return null;
  }
}
