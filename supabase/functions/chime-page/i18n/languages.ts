/** Which language a person reads, and its texts. Pure. */
import { type Language, spoken } from "../contract/languages.ts";
import type { CallTexts, ClientTexts, DocumentTexts } from "../contract/page_data.ts";
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

/** What is known about the reader, strongest first. */
export interface LanguageHints {
  /** The query parameter `lang`. */
  readonly query?: string | null | undefined;
  /** What the person chose on the page itself. */
  readonly chosen?: string | null | undefined;
  /** The participant's locale from the database, BCP 47. */
  readonly locale?: string | null | undefined;
  /** The header `Accept-Language`. */
  readonly acceptLanguage?: string | null | undefined;
}

/** The best spoken language of an `Accept-Language` header (RFC 9110, 12.5.4: weights, 0 refuses). */
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

/** The reader's language: the strongest hint that names a spoken one; English without any. */
export function chooseLanguage(hints: LanguageHints): Language {
  const [query, chosen, locale] = [hints.query, hints.chosen, hints.locale].map(spoken);
  return query ?? chosen ?? locale ?? accepted(hints.acceptLanguage) ?? "en";
}

/** The texts that the document's part of the client writes; part of {@link VisitPageData}. */
export function documentTexts(language: Language): DocumentTexts {
  return LANGUAGES[language].document;
}

/** The texts that the call's part of the client writes. */
export function callTexts(language: Language): CallTexts {
  return LANGUAGES[language].call;
}

/** Every text the client writes. */
export function clientTexts(language: Language): ClientTexts {
  return { ...documentTexts(language), ...callTexts(language) };
}

/** The texts of the markup. */
export function pageTexts(language: Language): PageTexts {
  return LANGUAGES[language].page;
}

/** Title, detail and next step of every problem. */
export function problemTexts(language: Language): ProblemTexts {
  return LANGUAGES[language].problems;
}
