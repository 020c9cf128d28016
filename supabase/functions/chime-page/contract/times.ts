/**
 * Formats times in the reader's language and time zone.
 *
 * All functions take ISO 8601 times, an IANA time zone (default: UTC) and the reader's BCP 47 locale.
 * The language's default locale is used if the reader's locale is missing or in another language.
 * @module
 */
import type { Language } from "./languages.ts";

/** Default locales that differ from the language code; they have a 24-hour clock. */
const DEFAULT_LOCALES: Readonly<Partial<Record<Language, string>>> = { en: "en-GB", pt: "pt-PT" };

/** Formats the start and end of a visit, such as "Monday 23 November, 14:30 – 15:00". */
export function timeRange(
  startsAt: string,
  endsAt: string,
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): string {
  const format = formatFor(language, timeZone, locale);
  const start = new Date(startsAt);
  const end = new Date(endsAt);
  // iOS supports formatRange since 14.5.
  return format.formatRange?.(start, end) ?? `${format.format(start)} – ${format.format(end)}`;
}

/** A formatted visit time. */
export interface VisitTime {
  /** See {@link timeRange}. */
  readonly text: string;
  /** For example "West Africa Standard Time". */
  readonly zone: string;
}

/** Formats the start and end of a visit, with the name of the time zone. */
export function visitTime(
  startsAt: string,
  endsAt: string,
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): VisitTime {
  return {
    text: timeRange(startsAt, endsAt, language, timeZone, locale),
    zone: zoneName(startsAt, formatFor(language, timeZone, locale)),
  };
}

/** Formats one point in time with its time zone, such as "Monday 23 November at 14:15 (…)". */
export function pointInTime(
  at: string,
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): string {
  const format = formatFor(language, timeZone, locale);
  return `${format.format(new Date(at))} (${zoneName(at, format)})`;
}

/**
 * Formats a time of day, such as "14:05" or "2:05 PM".
 * @param at milliseconds since 1970
 */
export function clockTime(
  at: number,
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): string {
  const options = formatFor(language, timeZone, locale).resolvedOptions();
  return new Intl.DateTimeFormat(options.locale, {
    timeZone: options.timeZone,
    hour: "numeric",
    minute: "2-digit",
  }).format(at);
}

/**
 * Arabic is formatted with Western digits, as is usual in Chad and the Maghreb and in the page's
 * clocks, countdowns and phone numbers, unless the locale itself asks for others (`-u-nu-arab`).
 */
function formatFor(
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): Intl.DateTimeFormat {
  const defaultLocale = DEFAULT_LOCALES[language] ?? language;
  const tag = (locale ?? "").replace("_", "-");
  const readerLocale = tag.toLowerCase().startsWith(`${language}-`) ? tag : defaultLocale;
  const withDigits = (tag: string) =>
    language === "ar" && !tag.includes("-u-") ? `${tag}-u-nu-latn` : tag;
  for (const candidate of [readerLocale, defaultLocale]) {
    try {
      return format(withDigits(candidate), timeZone || "UTC");
    } catch {
      // The runtime does not know this locale or time zone.
    }
  }
  return format(withDigits(defaultLocale), "UTC");
}

function format(locale: string, timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "numeric",
    minute: "2-digit",
  });
}

function zoneName(at: string, format: Intl.DateTimeFormat): string {
  const { locale, timeZone } = format.resolvedOptions();
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "long" })
    .formatToParts(new Date(at));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}
