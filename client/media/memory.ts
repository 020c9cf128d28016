/**
 * What a person chose, kept by the browser: `sessionStorage` bears a reload, `localStorage` the next
 * visit too. A store that is closed, as in some frames, costs only the memory.
 * @param value what to keep from now on; without one nothing changes
 */
export function memory(
  store: "localStorage" | "sessionStorage",
  key: string,
  value?: string,
): string | null {
  try {
    const open = globalThis[store];
    if (value !== undefined) open.setItem(key, value);
    return open.getItem(key);
  } catch {
    return null;
  }
}
