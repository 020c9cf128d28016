/** Shows the time of the visit. */
import { element } from "./view.ts";
import type { Language } from "../../supabase/functions/chime-page/contract/languages.ts";
import { timeRange, visitTime } from "../../supabase/functions/chime-page/contract/times.ts";

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

/** A time of day such as 14:32, in the same zone as the time of the visit. */
export function clockTime(page: Document, at: string, language: Language): string {
  const { zone } = element<HTMLTimeElement>(page, "when").dataset;
  const locale = language === "ar" ? "ar-u-nu-latn" : language;
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone || deviceZone(),
  }).format(new Date(at));
}
