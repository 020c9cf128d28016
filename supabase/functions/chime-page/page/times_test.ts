import { deepEqual, doesNotMatch, equal, match, notEqual } from "node:assert/strict";
import { LANGUAGES } from "../contract/languages.ts";
import {
  clockTime,
  dateLocale,
  knownZone,
  pointInTime,
  timeRange,
  visitTime,
} from "../contract/times.ts";

const START = "2026-11-23T13:30:00Z";
const END = "2026-11-23T14:00:00Z";
const DOUALA = "Africa/Douala";

/** Expected on every version of Deno: these tests also run on the platform's. */
const TEXTS: readonly (readonly [...Parameters<typeof visitTime>, text: string])[] = [
  [START, END, "en", DOUALA, null, "Monday 23 November, 14:30 – 15:00"],
  [START, END, "en", DOUALA, "en-US", "Monday, November 23, 2:30 PM – 3:00 PM"],
  [START, END, "fr", DOUALA, "fr-CM", "lundi 23 novembre, 14:30 – 15:00"],
  [START, END, "fr", DOUALA, "fr-CA", "lundi 23 novembre, 14 h 30 – 15 h 00"],
  [START, END, "ar", DOUALA, "ar-TD", "الاثنين، 23 نوفمبر، 2:30 م – 3:00 م"],
  [START, END, "pt", DOUALA, "pt-BR", "segunda-feira, 23 de novembro, 14:30 – 15:00"],
  [START, END, "es", DOUALA, "es-419", "lunes, 23 de noviembre, 2:30 p.m. – 3:00 p.m."],
  [START, END, "sw", DOUALA, "sw-KE", "Jumatatu, 23 Novemba, 14:30 – 15:00"],
];

Deno.test("a visit's time has the same words on every runtime", () => {
  for (const [start, end, language, zone, locale, text] of TEXTS) {
    equal(visitTime(start, end, language, zone, locale).text, text);
  }
});

Deno.test("the calendar is Gregorian and the digits are Western, wherever the reader is", () => {
  const tags = ["ar-SA", "ar-SA-u-ca-islamic-umalqura", "ar-EG-u-nu-arabext", "ar_SA.UTF-8"];
  for (const tag of tags) {
    equal(visitTime(START, END, "ar", DOUALA, tag).text, "الاثنين، 23 نوفمبر، 2:30 م – 3:00 م");
  }
  const others = ["TH", "IR", "SA", "AF", "GB-u-ca-buddhist-nu-thai", "GB-u-ca-japanese"];
  for (const tag of [...others, "GB-u-nu-hanidec", "GB-t-ar-u-ca-persian", "GB-x-u-ca-chinese"]) {
    match(visitTime(START, END, "en", DOUALA, `en-${tag}`).text, /23.* (14:30 – 15:00|2:30)/);
  }
  equal(visitTime(START, END, "en", DOUALA, "fa-IR-u-ca-persian").text, TEXTS[0]?.at(-1));
});

Deno.test("of a locale's extensions, its clock and Arabic digits are kept, and none causes an error", () => {
  equal(clockTime(Date.parse(START), "en", DOUALA, "en-US-u-hc-h23"), "14:30");
  equal(clockTime(Date.parse("2026-11-23T01:25:00Z"), "en", DOUALA, null), "02:25");
  equal(clockTime(Date.parse(START), "en", DOUALA, "en-GB-u-ca-buddhist-hc-h12"), "2:30 pm");
  equal(clockTime(Date.parse(START), "ar", DOUALA, "ar-EG-u-nu-arab"), "٢:٣٠ م");
  for (
    const tag of ["en-u", "en--", "en-u-ca", "en-GB-u-u-u", "en-abcdefghijk", "en-GB-u-hc-h99"]
  ) {
    equal(clockTime(Date.parse(START), "en", DOUALA, tag), "14:30", tag);
  }
});

Deno.test("a visit across midnight names both days", () => {
  const text = visitTime("2026-11-23T22:45:00Z", "2026-11-23T23:15:00Z", "en", DOUALA, null).text;
  equal(text, "Monday 23 November, 23:45 – Tuesday 24 November, 00:15");
  // The same visit is on one day in another zone.
  equal(
    visitTime("2026-11-23T22:45:00Z", "2026-11-23T23:15:00Z", "fr", "UTC", null).text,
    "lundi 23 novembre, 22:45 – 23:15",
  );
});

Deno.test("when the clocks go back, both times are shown and can be told apart", () => {
  const inParis = (start: string, end: string, language: "en" | "fr") =>
    visitTime(`2026-10-25T${start}:00Z`, `2026-10-25T${end}:00Z`, language, "Europe/Paris", null)
      .text;
  equal(inParis("00:30", "01:30", "en"), "Sunday 25 October, 02:30 CEST – 02:30 CET");
  equal(inParis("00:45", "01:15", "fr"), "dimanche 25 octobre, 02:45 UTC+2 – 02:15 UTC+1");
  // Twice on that night it is 02:10.
  equal(inParis("01:10", "01:40", "en"), "Sunday 25 October, 02:10 CET – 02:40 CET");
  equal(inParis("00:10", "00:40", "en"), "Sunday 25 October, 02:10 CEST – 02:40 CEST");
  equal(inParis("08:00", "08:30", "en"), "Sunday 25 October, 09:00 – 09:30");
});

Deno.test("when the clocks go forward, the times explain their distance", () => {
  equal(
    visitTime("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "en", "Europe/Paris", null).text,
    "Sunday 29 March, 01:30 CET – 03:00 CEST",
  );
});

Deno.test("an unknown time zone is UTC, and named so", () => {
  for (const zone of ["Mars/Base", "", null, undefined]) {
    equal(knownZone(zone), undefined);
    deepEqual(visitTime(START, END, "en", zone, null), {
      text: "Monday 23 November, 13:30 – 14:00",
      zone: "Coordinated Universal Time",
    });
  }
});

Deno.test("the zone's name stands alone in every language", () => {
  for (const language of LANGUAGES) {
    const { zone } = visitTime(START, END, language, DOUALA, null);
    doesNotMatch(zone, /\d|^[,\s]/);
    match(pointInTime(START, language, DOUALA, null), new RegExp(`14:30|2:30.*\\(${zone}\\)`));
  }
});

Deno.test("a browser that gets the server's locale formats as the server does", () => {
  for (const [start, end, language, zone, locale, text] of TEXTS) {
    equal(timeRange(start, end, dateLocale(language, locale), zone ?? undefined), text);
  }
});

Deno.test("formatters are created once for a locale and a time zone, not once for each page", () => {
  const { DateTimeFormat } = Intl;
  let created = 0;
  Intl.DateTimeFormat = new Proxy(DateTimeFormat, {
    construct: (target, args) => {
      created++;
      return Reflect.construct(target, args);
    },
  });
  try {
    const page = (start: string, end: string) =>
      visitTime(start, end, "fr", "Africa/Niamey", "fr-NE");
    page(START, END);
    const byFirstPage = created;
    notEqual(byFirstPage, 0);
    page("2026-12-01T08:00:00Z", "2026-12-01T08:30:00Z");
    equal(created, byFirstPage);
  } finally {
    Intl.DateTimeFormat = DateTimeFormat;
  }
});
