/** Any UUID; its version is the adopter's choice. As a pattern of its own, so that routes can use it. */
export const UUID_PATTERN = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

const UUID = new RegExp(`^${UUID_PATTERN}$`);

/** Whether a text is a UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
