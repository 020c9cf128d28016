/** Supported languages as ISO 639-1 codes, in the order in which the page offers them. */
export const LANGUAGES = ["en", "fr", "ar", "pt", "es", "sw"] as const;

/** A supported language. */
export type Language = typeof LANGUAGES[number];

/** Name of each language in that language. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  fr: "Français",
  ar: "العربية",
  pt: "Português",
  es: "Español",
  sw: "Kiswahili",
};

/** The language of a BCP 47 tag such as `fr-CM`, `es-419` or `en_GB`; undefined if not supported. */
export function spoken(tag: string | null | undefined): Language | undefined {
  const [primary] = (tag ?? "").trim().toLowerCase().split(/[-_]/);
  return LANGUAGES.find((language) => language === primary);
}

/** The writing direction of a language. */
export function direction(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}
