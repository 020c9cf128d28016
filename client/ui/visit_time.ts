/** The visit's time: in the person's own zone, in the language of the page. */
import { element } from "./view.ts";
import type { Language } from "../../supabase/functions/chime-page/contract/languages.ts";
import { timeRange, visitTime } from "../../supabase/functions/chime-page/contract/times.ts";

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Replaces the server's UTC by the device's time where the server did not know the person's zone. */
export function showLocalTime(page: Document, language: Language): void {
  const when = element<HTMLTimeElement>(page, "when");
  const { end = "", zone } = when.dataset;
  if (zone) return;
  when.textContent = timeRange(when.dateTime, end, language, ownZone(), navigator.language);
  // Nobody needs to be told the zone of their own phone.
  element(page, "zone").textContent = "";
}

/** Writes the visit's time in another language: in the zone the server named, else in the device's. */
export function showTime(page: Document, language: Language): void {
  const when = element<HTMLTimeElement>(page, "when");
  const { end = "", zone } = when.dataset;
  if (!zone) return showLocalTime(page, language);
  const time = visitTime(when.dateTime, end, language, zone, navigator.language);
  when.textContent = time.text;
  element(page, "zone").textContent = time.zone;
}
