/** Points in time as the reader would say them: own language, own time zone. Pure. */
import type { Language } from "./page_data.ts";

/** A visit's time in words. */
export interface VisitTime {
  /** For example "Monday 23 November, 14:30 – 15:00". */
  readonly text: string;
  /** For example "West Africa Standard Time". */
  readonly zone: string;
}

function known(timeZone: string | null | undefined): string {
  if (timeZone === null || timeZone === undefined || timeZone === "") return "UTC";
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return timeZone;
  } catch {
    // A zone this runtime does not know: UTC, said plainly, is better than no page.
    return "UTC";
  }
}

/** Plain locales with 24 hours, for readers of whom only the language is known. */
const USUAL: Readonly<Record<Language, string>> = {
  en: "en-GB",
  fr: "fr-FR",
  ar: "ar",
  pt: "pt-PT",
  es: "es",
  sw: "sw",
};

/**
 * The reader's own locale where it fits the page's language (en-CM), else the usual one. Arabic gets
 * Western digits unless the locale itself asks for others (`-u-nu-arab`): clocks, countdowns and
 * phone numbers of the same page have them, as in Chad and the Maghreb, and two kinds of digits for
 * one time of day would help nobody.
 */
export function dateLocale(language: Language, locale: string | null | undefined): string {
  let tag = USUAL[language];
  try {
    const [canonical = tag] = Intl.getCanonicalLocales((locale ?? "").replaceAll("_", "-"));
    if (canonical.toLowerCase().startsWith(`${language}-`)) tag = canonical;
  } catch {
    // No locale, or a malformed one: the usual one.
  }
  return language === "ar" && !tag.includes("-u-") ? `${tag}-u-nu-latn` : tag;
}

function zoneName(at: Date, locale: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "long" })
    .formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}

/** Days and times of day in a reader's language and zone; a zone that is unknown, or null, is UTC. */
function readerFormat(
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
) {
  const zone = known(timeZone);
  const tag = dateLocale(language, locale);
  const format = new Intl.DateTimeFormat(tag, {
    timeZone: zone,
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "numeric",
    minute: "2-digit",
  });
  return { format, zoneAt: (at: Date) => zoneName(at, tag, zone) };
}

/**
 * Says when a visit is.
 * @param startsAt ISO 8601
 * @param endsAt ISO 8601
 * @param timeZone IANA name; unknown or null: UTC
 */
export function visitTime(
  startsAt: string,
  endsAt: string,
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): VisitTime {
  const { format, zoneAt } = readerFormat(language, timeZone, locale);
  const start = new Date(startsAt);
  return { text: format.formatRange(start, new Date(endsAt)), zone: zoneAt(start) };
}

/** Says a single point in time with its zone, for example "Monday 23 November at 14:15 (…)". */
export function pointInTime(
  at: string,
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): string {
  const { format, zoneAt } = readerFormat(language, timeZone, locale);
  const point = new Date(at);
  return `${format.format(point)} (${zoneAt(point)})`;
}
