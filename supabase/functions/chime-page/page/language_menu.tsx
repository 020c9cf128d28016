/** @jsxImportSource hono/jsx */
/** The language menu of documents without a client: forms and `<details>`, no script. */
import { type Language, LANGUAGE_NAMES, LANGUAGES } from "../contract/languages.ts";
import { pageTexts } from "../i18n/languages.ts";
import { LanguageIcon } from "./icons.tsx";

/** The request that shows the same page in another language. */
export interface SameRequest {
  readonly method: "get" | "post";
  /** Empty: the URL of the page, with a query that its markup must not contain. */
  readonly action: string;
  /** Further fields, such as the session. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** Offers the other languages. The chosen one is sent as `lang`. */
export function LanguageMenu({ language, again }: { language: Language; again: SameRequest }) {
  return (
    <details class="languages">
      <summary>
        <LanguageIcon />
        <span class="unseen">{pageTexts(language).language}:</span> {LANGUAGE_NAMES[language]}
      </summary>
      <form method={again.method} action={again.action}>
        {Object.entries(again.fields ?? {}).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {LANGUAGES.filter((code) => code !== language).map((code) => (
          <button key={code} type="submit" name="lang" value={code} lang={code}>
            {LANGUAGE_NAMES[code]}
          </button>
        ))}
      </form>
    </details>
  );
}
