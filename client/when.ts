/** The visit's time in the device's own zone, where the server did not know the person's. */

/** Rewrites the time unless the server wrote it in the participant's zone. */
export function showLocalTime(page: Document, language: string): void {
  const when = page.getElementById("when");
  const zone = page.getElementById("zone");
  if (!(when instanceof HTMLTimeElement) || zone === null || when.dataset["zone"] !== "") return;
  try {
    const start = new Date(when.dateTime);
    const end = new Date(when.dataset["end"] ?? "");
    const day = { weekday: "long", day: "numeric", month: "long" } as const;
    const time = { hour: "numeric", minute: "2-digit" } as const;
    const locale = navigator.language.startsWith(language) ? navigator.language : language;
    const first = start.toLocaleString(locale, { ...day, ...time });
    when.textContent = `${first} – ${end.toLocaleTimeString(locale, time)}`;
    zone.textContent = "";
  } catch {
    // The server's words stay: right, only in another zone, and it says which.
  }
}
