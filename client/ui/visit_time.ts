/** The visit's time: in the person's own zone, in the language of the page. */

/**
 * Writes the time anew where the server did not know the person's zone, in the device's own.
 * Elsewhere the server's words are right already.
 */
export function showLocalTime(page: Document, language: string): void {
  if (page.getElementById("when")?.dataset["zone"] === "") showTime(page, language);
}

/** Writes the visit's time in a language: in the zone the server named, else in the device's own. */
export function showTime(page: Document, language: string): void {
  const when = page.getElementById("when");
  const zone = page.getElementById("zone");
  if (!(when instanceof HTMLTimeElement) || zone === null) return;
  try {
    const start = new Date(when.dateTime);
    const end = new Date(when.dataset["end"] ?? "");
    const day = { weekday: "long", day: "numeric", month: "long" } as const;
    // The server's choice for Arabic too: the digits of clocks and countdowns.
    const spoken = navigator.language.startsWith(language) ? navigator.language : language;
    const locale = language === "ar" ? `${spoken}-u-nu-latn` : spoken;
    const timeZone = when.dataset["zone"] || undefined;
    const time = { hour: "numeric", minute: "2-digit", ...(timeZone && { timeZone }) } as const;
    const first = start.toLocaleString(locale, { ...day, ...time });
    const last = end.toLocaleTimeString(locale, time);
    // Isolated from each other: in Arabic the range still runs from the first to the last.
    when.textContent = `\u2068${first}\u2069 – \u2068${last}\u2069`;
    zone.textContent = timeZone === undefined ? "" : zoneOf(start, locale, timeZone);
  } catch {
    // The server's words stay: right, only in another zone or language, and it says which zone.
  }
}

function zoneOf(at: Date, locale: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "long" })
    .formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
