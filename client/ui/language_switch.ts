/** The page's language, changed while the call runs: only words change, nothing is loaded anew. */
import type {
  Language,
  LanguagePack,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { type Texts, translate } from "../i18n/translate.ts";
import { element } from "./view.ts";

/** What a change of language needs. */
export interface LanguagePorts {
  /** Its `language` and `texts` change in place: everybody who reads them later says the new words. */
  readonly data: VisitPageData;
  /** Parts that are not in the document at the moment, and will be again. */
  readonly spare: () => readonly Element[];
  /** The words did not come; the page goes on in its old language. */
  readonly failed: () => void;
  /** The page speaks it now; what is no text, such as a time, is to be said anew. */
  readonly changed: (language: Language) => void;
}

const DEADLINE_MS = 15_000;

/**
 * Tells the server, for a reload: for this visit alone and until the browser is closed, for the next
 * visit on this phone may be somebody else's.
 */
function remember(page: Document, base: string, language: string): void {
  try {
    page.cookie = `chime-page-language=${language};path=${new URL(base).pathname};` +
      "secure;samesite=none;partitioned";
  } catch {
    // A document without an origin has no cookies, and no reload either.
  }
}

/**
 * Wires the choice the server rendered.
 * @returns a switch for language tags (`ar`, `pt-BR`); answers whether the page speaks that language
 */
export function createLanguages(page: Document, ports: LanguagePorts): (tag: string) => boolean {
  const { data } = ports;
  const choice = element<HTMLSelectElement>(page, "language");
  const root = data.api.base.replace(/[^/]*$/, "texts/");
  // Whoever chooses twice gets the second language, whichever answer comes first.
  let turn = 0;

  async function pack(language: string): Promise<LanguagePack> {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), DEADLINE_MS);
    try {
      const answer = await fetch(root + language, {
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: control.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      return await answer.json();
    } finally {
      clearTimeout(timer);
    }
  }
  async function change(wanted: string, mine: number): Promise<void> {
    // The page carries its client's texts only; those of its markup come with the old language's.
    const [old, next] = await Promise.all([pack(data.language), pack(wanted)]);
    if (mine !== turn) return;
    const from: Texts = { ...old.texts, ...data.texts };
    const { language, direction, texts } = next;
    translate([page.documentElement, ...ports.spare()], from, texts);
    Object.assign(data.texts, texts);
    Object.assign(data, { language });
    page.documentElement.lang = language;
    page.documentElement.dir = direction;
    ports.changed(language);
  }
  function to(tag: string): boolean {
    const wanted = tag.toLowerCase().split(/[-_]/)[0] ?? "";
    if (![...choice.options].some(({ value }) => value === wanted)) return false;
    const mine = ++turn;
    choice.value = wanted;
    if (wanted === data.language) return true;
    change(wanted, mine).catch(() => {
      if (mine !== turn) return;
      choice.value = data.language;
      ports.failed();
    });
    return true;
  }
  choice.addEventListener("change", () => {
    remember(page, data.api.base, choice.value);
    to(choice.value);
  });
  return to;
}
