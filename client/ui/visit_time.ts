/** Shows the time of the visit. */
import { element } from "./view.ts";
import type { Language } from "../../supabase/functions/chime-page/contract/languages.ts";
import {
  clockTime,
  timeRange,
  visitTime,
} from "../../supabase/functions/chime-page/contract/times.ts";

const deviceZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Shows the time in the device's zone instead of UTC, unless the server knew the person's zone. */
export function showLocalTime(page: Document, language: Language): void {
  const when = element<HTMLTimeElement>(page, "when");
  const { end = "", zone } = when.dataset;
  if (zone) return;
  when.textContent = timeRange(when.dateTime, end, language, deviceZone(), navigator.language);
  // There is no need to show the zone of the person's own device.
  element(page, "zone").textContent = "";
}

/** Shows the time in another language, in the zone set by the server or else the device's. */
export function showTime(page: Document, language: Language): void {
  const when = element<HTMLTimeElement>(page, "when");
  const { end = "", zone } = when.dataset;
  if (!zone) return showLocalTime(page, language);
  const time = visitTime(when.dateTime, end, language, zone, navigator.language);
  when.textContent = time.text;
  element(page, "zone").textContent = time.zone;
}

/** Formats the time of a message, in milliseconds since 1970, in the same zone as the visit's. */
export function messageTime(page: Document, at: number, language: Language): string {
  const { zone } = element(page, "when").dataset;
  return clockTime(at, language, zone || deviceZone(), navigator.language);
}
