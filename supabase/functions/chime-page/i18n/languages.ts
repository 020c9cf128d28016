/**
 * Chooses a language and returns its texts.
 * @module
 */
import { type Language, spoken } from "../contract/languages.ts";
import type { CallTexts, ClientTexts, DocumentTexts } from "../contract/text_keys.ts";
import { arabic } from "./ar.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { portuguese } from "./pt.ts";
import { swahili } from "./sw.ts";
import type { LanguageTexts, PageTexts, ProblemTexts } from "./texts.ts";

const LANGUAGES: Readonly<Record<Language, LanguageTexts>> = {
  en: english,
  fr: french,
  ar: arabic,
  pt: portuguese,
  es: spanish,
  sw: swahili,
};

/** Where a language can come from, in order of precedence. */
export interface LanguageHints {
  /** The query parameter `lang`. */
  readonly query?: string | null | undefined;
  /** The language chosen on the page. */
  readonly chosen?: string | null | undefined;
  /** The participant's BCP 47 locale in the database. */
  readonly locale?: string | null | undefined;
  /** The `Accept-Language` header. */
  readonly acceptLanguage?: string | null | undefined;
}

/**
 * The best supported language of an `Accept-Language` header (RFC 9110, section 12.5.4). A weight of
 * 0 excludes a language.
 */
function accepted(header: string | null | undefined): Language | undefined {
  if (header === null || header === undefined) return undefined;
  const offers = header.slice(0, 500).split(",").map((entry) => {
    const [tag = "", ...parameters] = entry.split(";");
    const weight = parameters.map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/i.exec(parameter))
      .find((match) => match !== null)?.[1];
    return { language: spoken(tag), weight: weight === undefined ? 1 : Number(weight) };
  });
  let best: { language: Language; weight: number } | undefined;
  for (const { language, weight } of offers) {
    if (language === undefined || weight <= 0) continue;
    if (best === undefined || weight > best.weight) best = { language, weight };
  }
  return best?.language;
}

/** The first hint that names a supported language, or English. */
export function chooseLanguage(hints: LanguageHints): Language {
  const [query, chosen, locale] = [hints.query, hints.chosen, hints.locale].map(spoken);
  return query ?? chosen ?? locale ?? accepted(hints.acceptLanguage) ?? "en";
}

/** The client's texts in the document, sent as part of the page data. */
export function documentTexts(language: Language): DocumentTexts {
  return LANGUAGES[language].document;
}

/** The client's texts in the bundles. */
export function callTexts(language: Language): CallTexts {
  return LANGUAGES[language].call;
}

/** All texts the client sets. */
export function clientTexts(language: Language): ClientTexts {
  return { ...documentTexts(language), ...callTexts(language) };
}

/** The texts of the markup. */
export function pageTexts(language: Language): PageTexts {
  return LANGUAGES[language].page;
}

/** Title, detail and next step of each problem. */
export function problemTexts(language: Language): ProblemTexts {
  return LANGUAGES[language].problems;
}
