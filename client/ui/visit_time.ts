/** Shows the time of the visit. */
import { element } from "./view.ts";
import type { Language } from "../../supabase/functions/chime-page/contract/languages.ts";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import {
  clockTime,
  dateLocale,
  knownZone,
  timeRange,
  visitTime,
} from "../../supabase/functions/chime-page/contract/times.ts";

const deviceZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

type Times = Pick<VisitPageData, "startsAt" | "endsAt">;

/**
 * Shows the time in the device's zone instead of UTC, unless the server knew the person's zone. The
 * name of that zone is only shown if the device's clock says something else.
 */
export function showLocalTime(page: Document, { startsAt, endsAt }: Times): void {
  const when = element(page, "when");
  const { zone, locale = "" } = when.dataset;
  const inZone = (timeZone?: string) => timeRange(startsAt, endsAt, locale, timeZone);
  const local = inZone();
  if (!zone) when.textContent = local;
  // The server's words may differ from this browser's, so that both are formatted here.
  try {
    if (zone && inZone(zone) !== local) return;
  } catch {
    // An old browser may not know a new zone, which the server does.
    return;
  }
  element(page, "zone").textContent = "";
}

/** Shows the time in another language, in the zone set by the server or else the device's. */
export function showTime(page: Document, times: Times, language: Language): void {
  const when = element(page, "when");
  const { zone } = when.dataset;
  when.dataset["locale"] = dateLocale(language, navigator.language);
  if (zone && knownZone(zone)) {
    const time = visitTime(
      times.startsAt,
      times.endsAt,
      language,
      zone,
      navigator.language,
    );
    when.textContent = time.text;
    element(page, "zone").textContent = time.zone;
  }
  showLocalTime(page, times);
}

/**
 * Formats the time of day of a moment, in the same zone as the time of the visit.
 * @param at milliseconds since 1970
 */
export function timeOfDay(page: Document, at: number, language: Language): string {
  const zone = element(page, "when").dataset["zone"] || deviceZone();
  return clockTime(at, language, zone, navigator.language);
}
