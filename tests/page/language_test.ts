import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import type { PageLanguage } from "../../client/bridge/chime-page.d.ts";
import {
  direction,
  type Language,
  LANGUAGES,
} from "../../supabase/functions/chime-page/contract/languages.ts";
import {
  chooseLanguage,
  clientTexts,
  pageTexts,
  problemTexts,
} from "../../supabase/functions/chime-page/i18n/languages.ts";
import { renderProblemPage } from "../../supabase/functions/chime-page/page/problem_page.tsx";
import { renderVisitPage } from "../../supabase/functions/chime-page/page/visit_page.tsx";
import { pointInTime, visitTime } from "../../supabase/functions/chime-page/contract/times.ts";
import { visitData } from "../support/visit_page.ts";

const OTHERS = LANGUAGES.filter((language) => language !== "en");

// The compiler checks the bridge's languages against the page's, and the other way round.
const bridged: readonly PageLanguage[] = LANGUAGES;
const spokenByPage: readonly Language[] = bridged;

Deno.test("the query decides the language before the participant's locale, and that before the browser", () => {
  const all = { query: "fr", locale: "en-GB", acceptLanguage: "en" };
  equal(chooseLanguage(all), "fr");
  equal(chooseLanguage({ ...all, query: null }), "en");
  equal(chooseLanguage({ acceptLanguage: "fr-CM" }), "fr");
  equal(chooseLanguage({}), "en");
  equal(spokenByPage.length, 6);
});

Deno.test("every region of a language is recognized", () => {
  const tags = { "pt-BR": "pt", "es-419": "es", "sw-KE": "sw", "ar-TD": "ar", "fr_CM": "fr" };
  for (const [tag, language] of Object.entries(tags)) {
    equal(chooseLanguage({ query: tag }), language);
    equal(chooseLanguage({ locale: tag }), language);
    equal(chooseLanguage({ acceptLanguage: `de, ${tag.replace("_", "-")};q=0.5` }), language);
  }
});

Deno.test("a language that the page does not have is skipped for the next hint", () => {
  equal(chooseLanguage({ query: "xx", locale: "de-DE", acceptLanguage: "it, fr;q=0.4" }), "fr");
  equal(chooseLanguage({ query: "toString", locale: "__proto__" }), "en");
});

Deno.test("weights order the browser's languages, and zero excludes one", () => {
  equal(chooseLanguage({ acceptLanguage: "en;q=0.2, fr;q=0.9" }), "fr");
  equal(chooseLanguage({ acceptLanguage: "fr;q=0, en;q=0.1" }), "en");
  equal(chooseLanguage({ acceptLanguage: "FR_cm ; Q=1.000" }), "fr");
  equal(chooseLanguage({ acceptLanguage: ";;;,,q=," }), "en");
});

/** Every string of a language by its path. */
function texts(language: Language): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "string") found.set(path, value);
    else for (const [key, inner] of Object.entries(value ?? {})) walk(inner, `${path}.${key}`);
  };
  walk({ c: clientTexts(language), p: pageTexts(language), x: problemTexts(language) }, "");
  return found;
}

/** Strings that are the same as in English. */
const SAME = new Set(["fr.p.message"]);

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

for (const language of OTHERS) {
  Deno.test(`${language} has every string that English has, with the same placeholders`, () => {
    const english = texts("en");
    const other = texts(language);
    deepEqual([...other.keys()].sort(), [...english.keys()].sort());
    for (const [path, text] of english) {
      const said = other.get(path) ?? "";
      ok(said.trim() !== "" && said === said.trim(), path);
      deepEqual(places(said), places(text), path);
      // Nothing is left in English.
      ok(said !== text || SAME.has(`${language}${path}`), `not translated: ${path}`);
      // Each placeholder once: an element holds one name.
      equal(new Set(places(said)).size, places(said).length, path);
    }
  });
}

Deno.test("no key stands for two texts, because the texts of the markup and of the client travel together", () => {
  const markup = Object.keys(pageTexts("en"));
  deepEqual(markup.filter((key) => Object.hasOwn(clientTexts("en"), key)), []);
});

Deno.test("Arabic is written from right to left in Arabic letters, the others in Latin letters", () => {
  for (const [path, text] of texts("ar")) {
    // Product names and placeholders stay as they are.
    const own = text.replace(
      /\{\w+\}|JavaScript|Chrome|Safari|iPhone|Android System WebView|Android|Play Store|iOS/g,
      "",
    );
    doesNotMatch(own, /[A-Za-z]{2}/, path);
  }
  for (const language of LANGUAGES.filter((one) => one !== "ar")) {
    doesNotMatch([...texts(language).values()].join(" "), /[\u0600-\u06ff]/);
    equal(direction(language), "ltr");
  }
  equal(direction("ar"), "rtl");
});

const START = "2026-11-23T13:30:00Z";
const END = "2026-11-23T14:00:00Z";

Deno.test("a visit's time is shown in the person's time zone and language, with one kind of digits", () => {
  const said = (language: Language, locale: string | null) =>
    visitTime(START, END, language, "Africa/Maputo", locale).text;
  match(said("pt", "pt-MZ"), /segunda-feira, 23 de novembro.*15:30.*16:00/);
  match(said("es", null), /lunes, 23 de noviembre.*15:30.*16:00/);
  match(said("sw", "sw-KE"), /Jumatatu, 23 Novemba.*(15:30|3:30).*(16:00|4:00)/);
  match(said("ar", "ar-TD"), /23.*3:30.*4:00/s);
  match(said("ar", null), /الاثنين/);
  doesNotMatch(said("ar", "ar-EG"), /[٠-٩]/);
  match(said("ar", "ar-EG-u-nu-arab"), /[٠-٩]/);
  // A locale of another language is ignored.
  equal(said("pt", "fr-CM"), said("pt", null));
  equal(said("pt", "not a locale"), said("pt", null));
  match(pointInTime(START, "sw", "Africa/Nairobi", null), /Saa za Afrika Mashariki/);
});

for (const language of LANGUAGES) {
  Deno.test(`the visit page and every problem page render in ${language}`, () => {
    const { html } = renderVisitPage({
      data: visitData({ language, state: "waiting", join: null }),
      timeZone: "Africa/Douala",
      locale: null,
      cspMeta: "default-src 'none'",
    });
    ok(html.startsWith("<!doctype html>"));
    ok(html.includes(`<html lang="${language}" dir="${direction(language)}">`));
    const markup = html.replace(/<(script|style)[\s\S]*?<\/\1>/g, "");
    doesNotMatch(markup, /undefined|\{\w+\}|\[object/);
    for (const [name, text] of Object.entries(problemTexts(language))) {
      const page = renderProblemPage({
        texts: text,
        status: 403,
        requestId: "r",
        language,
        opensAt: START,
        retryAfterSeconds: 90,
        timeZone: "Africa/Douala",
        cspMeta: "default-src 'none'",
      }).html.replace(/<(script|style)[\s\S]*?<\/\1>/g, "");
      ok(page.includes(`<html lang="${language}" dir="${direction(language)}">`), name);
      doesNotMatch(page, /undefined|\{\w+\}|\[object/, name);
    }
  });
}
