/** Points in time in the reader's own language and time zone. */
import type { Language } from "./languages.ts";

/** Locales with 24 hours, for readers of whom only the language is known. */
const USUAL: Readonly<Partial<Record<Language, string>>> = { en: "en-GB", pt: "pt-PT" };

/** A visit's days and times without a year, such as "Monday 23 November, 14:30 – 15:00". */
export function timeRange(
  startsAt: string,
  endsAt: string,
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): string {
  const format = formatFor(language, timeZone, locale);
  const start = new Date(startsAt);
  // iOS has had ranges since 14.5.
  const end = new Date(endsAt);
  return format.formatRange?.(start, end) ?? `${format.format(start)} – ${format.format(end)}`;
}

/** When a visit is, in words. */
export interface VisitTime {
  /** See {@link timeRange}. */
  readonly text: string;
  /** For example "West Africa Standard Time". */
  readonly zone: string;
}

/**
 * Says when a visit is.
 * @param startsAt ISO 8601
 * @param endsAt ISO 8601
 * @param timeZone IANA name; unknown or null: UTC
 * @param locale the reader's BCP 47 locale; null, or one of another language: the language's usual one
 */
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

/** Says a single point in time with its zone, for example "Monday 23 November at 14:15 (…)". */
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
 * The reader's own locale counts where it fits the page's language (en-CM). Arabic gets Western digits
 * unless the locale itself asks for others (`-u-nu-arab`): clocks, countdowns and phone numbers on the
 * page have them, as in Chad and the Maghreb.
 */
function formatFor(
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
): Intl.DateTimeFormat {
  const usual = USUAL[language] ?? language;
  const tagged = (locale ?? "").replace("_", "-");
  const own = tagged.toLowerCase().startsWith(`${language}-`) ? tagged : usual;
  const digits = (tag: string) =>
    language === "ar" && !tag.includes("-u-") ? `${tag}-u-nu-latn` : tag;
  for (const [tag, zone] of [[own, timeZone], [usual, timeZone]] as const) {
    try {
      return format(digits(tag), zone || "UTC");
    } catch {
      // A locale or time zone that this runtime does not know.
    }
  }
  return format(digits(usual), "UTC");
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
