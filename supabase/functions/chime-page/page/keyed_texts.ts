/** Texts in markup, with the keys by which the client renders them again in another language. */
import type { Language } from "../contract/languages.ts";
import type { ClientTextKey } from "../contract/text_keys.ts";
import { clientTexts, pageTexts } from "../i18n/languages.ts";
import type { PageTexts } from "../i18n/texts.ts";

/** Key of a text. */
export type TextKey = keyof PageTexts | ClientTextKey;

/** Attributes for JSX elements. */
export interface KeyedTexts {
  /** For an element whose content is the text. */
  content(key: TextKey): { readonly "data-text": TextKey; readonly children: string };
  /** For an element whose accessible name is the text. */
  label(key: TextKey): { readonly "data-label": TextKey; readonly "aria-label": string };
}

const cache = new Map<Language, KeyedTexts>();

/** Returns the texts of a language. Several parts of a page ask for them: they are merged once. */
export function keyedTexts(language: Language): KeyedTexts {
  const known = cache.get(language);
  if (known) return known;
  const texts = { ...pageTexts(language), ...clientTexts(language) };
  const keyed: KeyedTexts = {
    content: (key) => ({ "data-text": key, children: texts[key] }),
    label: (key) => ({ "data-label": key, "aria-label": texts[key] }),
  };
  cache.set(language, keyed);
  return keyed;
}
