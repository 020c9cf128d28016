import { deepEqual, equal, ok } from "node:assert/strict";
import {
  chooseLanguage,
  clientTexts,
  pageTexts,
  problemTexts,
} from "../../supabase/functions/chime-page/page/language.ts";

Deno.test("the query decides before the participant's locale, and that before the browser", () => {
  const all = { query: "fr", locale: "en-GB", acceptLanguage: "en" };
  equal(chooseLanguage(all), "fr");
  equal(chooseLanguage({ ...all, query: null }), "en");
  equal(chooseLanguage({ acceptLanguage: "fr-CM" }), "fr");
  equal(chooseLanguage({}), "en");
});

Deno.test("a language the page does not speak is passed over for the next hint", () => {
  equal(chooseLanguage({ query: "xx", locale: "de-DE", acceptLanguage: "es, fr;q=0.4" }), "fr");
  equal(chooseLanguage({ query: "toString", locale: "__proto__" }), "en");
});

Deno.test("weights order the browser's languages, and zero refuses one", () => {
  equal(chooseLanguage({ acceptLanguage: "en;q=0.2, fr;q=0.9" }), "fr");
  equal(chooseLanguage({ acceptLanguage: "fr;q=0, en;q=0.1" }), "en");
  equal(chooseLanguage({ acceptLanguage: "FR_cm ; Q=1.000" }), "fr");
  equal(chooseLanguage({ acceptLanguage: ";;;,,q=," }), "en");
});

/** Every text of a language by its path. */
function texts(language: "en" | "fr"): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "string") found.set(path, value);
    else for (const [key, inner] of Object.entries(value ?? {})) walk(inner, `${path}.${key}`);
  };
  walk({ c: clientTexts(language), p: pageTexts(language), x: problemTexts(language) }, "");
  return found;
}

Deno.test("French says everything English says, with the same names and times in it", () => {
  const english = texts("en");
  const french = texts("fr");
  deepEqual([...french.keys()], [...english.keys()]);
  for (const [path, text] of english) {
    const other = french.get(path) ?? "";
    ok(other.trim() !== "" && text.trim() !== "", path);
    const places = (value: string) => (value.match(/\{\w+\}/g) ?? []).sort();
    deepEqual(places(other), places(text), path);
    // No text was forgotten in English. "Guest", "You" and so on differ in both languages.
    ok(other !== text, `not translated: ${path}`);
  }
});
