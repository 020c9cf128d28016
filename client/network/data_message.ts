/** Data messages: anybody in the meeting may send anything. */

/** Amazon's limit for the data of one message, bytes. */
export const MOST_BYTES = 2048;

/** The object that a message carries; null for anything else. Its values are still to be checked. */
export function readData(message: { text(): string }): Readonly<Record<string, unknown>> | null {
  try {
    const text = message.text();
    const value: unknown = text.length > MOST_BYTES ? null : JSON.parse(text);
    return typeof value === "object" ? value as Record<string, unknown> | null : null;
  } catch {
    return null;
  }
}
