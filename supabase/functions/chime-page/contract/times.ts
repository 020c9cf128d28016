/**
 * Formats times in the reader's language and time zone, with the same words in Deno and in browsers.
 *
 * Times are ISO 8601. A reader's time zone is an IANA name (default: UTC), their locale a BCP 47 tag.
 * The language's default locale is used if the reader's locale is missing or in another language.
 * @module
 */
import type { Language } from "./languages.ts";

/** Default locales that differ from the language code; they have a 24-hour clock. */
const DEFAULT_LOCALES: Readonly<Partial<Record<Language, string>>> = { en: "en-GB", pt: "pt-PT" };

const HOUR_MS = 3_600_000;
const DAY = { weekday: "long", day: "numeric", month: "long" } as const;
const TIME = { hour: "numeric", minute: "2-digit" } as const;

/**
 * The BCP 47 tag with which dates are formatted for a reader.
 *
 * The calendar is always Gregorian, also in regions with another one. Arabic is formatted with
 * Western digits, as is usual in Chad and the Maghreb and in the page's clocks, countdowns and phone
 * numbers, unless the locale itself asks for others (`-u-nu-arab`). Of a locale's other extensions,
 * only the 12-hour or 24-hour clock (`-u-hc-`) is kept.
 */
export function dateLocale(language: Language, locale: string | null | undefined): string {
  const fallback = DEFAULT_LOCALES[language] ?? language;
  const tag = (locale ?? "").replace(/_/g, "-").toLowerCase();
  // Without extensions, and without the encoding of a POSIX locale such as `fr_CM.UTF-8`.
  const [own = ""] = tag.split(/-\w-|[.@]/);
  const base = own.startsWith(`${language}-`) && works(own) ? own : fallback;
  const [clock = ""] = /-hc-h(12|23)/.exec(tag) ?? [];
  const digits = language === "ar" && /-nu-arab\b/.test(tag) ? "arab" : "latn";
  return `${base}-u-ca-gregory${clock}-nu-${digits}`;
}

/** The time zone if the runtime knows it. */
export function knownZone(timeZone: string | null | undefined): string | undefined {
  return timeZone && works("en", timeZone) ? timeZone : undefined;
}

function works(locale: string, timeZone?: string): boolean {
  try {
    return !!dateTimeFormat(locale, { timeZone });
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A formatter takes a hundred times as long to create as to use. Locales come from browsers. */
function dateTimeFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(locale, options);
  if (formats.size > 99) formats.clear();
  formats.set(key, format);
  return format;
}

/**
 * Formats the start and end of a visit, such as "Monday 23 November, 14:30 – 15:00". The end has a
 * date if it is on another day. If the clocks change during the visit or within an hour of it, both
 * times name their zone, such as "02:30 CEST – 02:15 CET", because the local times alone may be equal
 * or occur twice.
 * @param locale from {@link dateLocale}
 * @param timeZone known to the runtime; undefined is that of the device
 */
export function timeRange(
  startsAt: string,
  endsAt: string,
  locale: string,
  timeZone: string | undefined,
): string {
  const format = formatFor(locale, timeZone);
  const [start, end] = [Date.parse(startsAt), Date.parse(endsAt)];
  const day = format(DAY);
  // With the seconds, which are those of both times, because `Intl` adds a date to a zone alone.
  const zone = format({ second: "numeric", timeZoneName: "short" });
  const changes = zone(start - HOUR_MS) !== zone(end + HOUR_MS);
  const time = format({ ...TIME, timeZoneName: changes ? "short" : undefined });
  const comma = commaOf(locale);
  // Not `formatRange`: it omits the end if both local times are equal, and iOS 14.3 lacks it.
  return day(start) + comma + time(start) + " – " +
    (day(start) === day(end) ? "" : day(end) + comma) + time(end);
}

const commaOf = (locale: string) => locale.startsWith("ar") ? "، " : ", ";

function formatFor(locale: string, timeZone: string | undefined) {
  return (options: Intl.DateTimeFormatOptions) => {
    const format = dateTimeFormat(locale, { timeZone, ...options });
    // Versions of ICU differ in which kind of space they use, and some write 9:00 in British English.
    return (at: number) => format.format(at).replace(/\s/g, " ").replace(/^\d:\d\d$/, "0$&");
  };
}

/** For example "West Africa Standard Time", without the date that `Intl` adds to it. */
function zoneName(at: number, format: ReturnType<typeof formatFor>): string {
  return format({ day: "2-digit", timeZoneName: "long" })(at).replace(/^\S+ /, "");
}

/**
 * Formats a point in time near another one, such as when joining opens: "14:15", or with the day if
 * that is another.
 * @param locale from {@link dateLocale}
 * @param timeZone known to the runtime; undefined is that of the device
 */
export function timeBefore(
  at: string,
  near: string,
  locale: string,
  timeZone: string | undefined,
): string {
  const format = formatFor(locale, timeZone);
  const [day, ms] = [format(DAY), Date.parse(at)];
  const sameDay = day(ms) === day(Date.parse(near));
  return (sameDay ? "" : day(ms) + commaOf(locale)) + format(TIME)(ms);
}

/** A formatted visit time. */
export interface VisitTime {
  /** See {@link timeRange}. */
  readonly text: string;
  /** For example "West Africa Standard Time". */
  readonly zone: string;
}

/** The reader of a time. */
type Reader = readonly [
  language: Language,
  timeZone: string | null | undefined,
  locale: string | null | undefined,
];

const localeAndZone = ([language, timeZone, locale]: Reader) =>
  [dateLocale(language, locale), knownZone(timeZone) ?? "UTC"] as const;

/** Formats the start and end of a visit, with the name of the time zone. */
export function visitTime(startsAt: string, endsAt: string, ...reader: Reader): VisitTime {
  const [locale, zone] = localeAndZone(reader);
  return {
    text: timeRange(startsAt, endsAt, locale, zone),
    zone: zoneName(Date.parse(startsAt), formatFor(locale, zone)),
  };
}

/** Formats one point in time, such as "Monday 23 November, 14:15 (West Africa Standard Time)". */
export function pointInTime(at: string, ...reader: Reader): string {
  const [locale, zone] = localeAndZone(reader);
  const format = formatFor(locale, zone);
  const ms = Date.parse(at);
  return `${format(DAY)(ms)}${commaOf(locale)}${format(TIME)(ms)} (${zoneName(ms, format)})`;
}

/**
 * Formats the time of day, such as "14:15".
 * @param at milliseconds since 1970
 */
export function clockTime(at: number, ...reader: Reader): string {
  return formatFor(...localeAndZone(reader))(TIME)(at);
}
