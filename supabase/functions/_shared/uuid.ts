/** A UUID of any version, since adopters choose their own ids. Also used in route patterns. */
export const UUID_PATTERN = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

const UUID = new RegExp(`^${UUID_PATTERN}$`);

/** Whether a string is a UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
