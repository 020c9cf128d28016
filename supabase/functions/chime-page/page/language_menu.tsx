/** @jsxImportSource hono/jsx */
/** The language menu of documents without a client: links or a form in `<details>`, no script. */
import { type Language, LANGUAGE_NAMES, LANGUAGES } from "../contract/languages.ts";
import { pageTexts } from "../i18n/languages.ts";
import { LanguageIcon } from "./icons.tsx";

/** The request that shows the same page in another language. */
export type SameRequest =
  | {
    readonly method: "post";
    /** Empty: the URL of the page, with a query that its markup must not contain. */
    readonly action: string;
    /** Further fields, such as the session. */
    readonly fields?: Readonly<Record<string, string>>;
  }
  /** The absolute URL of the page. */
  | { readonly method: "get"; readonly url: string };

/** Offers the other languages. The chosen one is sent as `lang`. */
export function LanguageMenu({ language, again }: { language: Language; again: SameRequest }) {
  const others = LANGUAGES.filter((code) => code !== language);
  return (
    <details class="languages">
      <summary>
        <LanguageIcon />
        <span class="unseen">{pageTexts(language).language}:</span> {LANGUAGE_NAMES[language]}
      </summary>
      {again.method === "get"
        ? (
          <div class="list">
            {others.map((code) => (
              <a key={code} href={withLanguage(again.url, code)} lang={code}>
                {LANGUAGE_NAMES[code]}
              </a>
            ))}
          </div>
        )
        : (
          <form class="list" method="post" action={again.action}>
            {Object.entries(again.fields ?? {}).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            {others.map((code) => (
              <button key={code} type="submit" name="lang" value={code} lang={code}>
                {LANGUAGE_NAMES[code]}
              </button>
            ))}
          </form>
        )}
    </details>
  );
}

function withLanguage(address: string, language: Language): string {
  const url = new URL(address);
  url.searchParams.set("lang", language);
  return url.href;
}
