/**
 * Reads an item of web storage, after setting it if `value` is given. Returns null if there is none
 * or if storage is blocked, as in some frames.
 */
export function storage(
  area: "localStorage" | "sessionStorage",
  key: string,
  value?: string,
): string | null {
  try {
    const items = globalThis[area];
    if (value !== undefined) items.setItem(key, value);
    return items.getItem(key);
  } catch {
    return null;
  }
}
