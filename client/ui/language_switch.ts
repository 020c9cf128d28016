/** The language of the page, changed while it is used: only texts change, nothing is loaded anew. */
import type { LanguagePack } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";

/** What a change of language needs. */
export interface LanguageDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  /** URL of the visit; see `VisitPageData.api`. */
  readonly base: string;
  /** The texts did not come; the page stays in its old language. */
  readonly failed: () => void;
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
 * Connects the choice that the server rendered.
 * @returns a switch for language tags (`ar`, `pt-BR`); answers whether the page speaks that language
 */
export function createLanguageSwitch(
  { page, store, texts, base, failed }: LanguageDependencies,
): (tag: string) => boolean {
  const choice = element<HTMLSelectElement>(page, "language");
  const root = base.replace(/[^/]*$/, "texts/");
  // Whoever chooses twice gets the second language, whichever answer comes first.
  let generation = 0;

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
  function render(): void {
    for (const one of page.querySelectorAll<HTMLElement>("[data-text],[data-label]")) {
      texts.render(one);
      // The only placeholder of the page says what its label says.
      if (one.matches("[placeholder]")) {
        one.setAttribute("placeholder", one.getAttribute("aria-label") ?? "");
      }
    }
  }
  async function change(wanted: string, mine: number): Promise<void> {
    const { language, direction, texts: next } = await pack(wanted);
    if (mine !== generation) return;
    texts.add(next);
    page.documentElement.lang = language;
    page.documentElement.dir = direction;
    render();
    store.set({ language });
  }
  function to(tag: string): boolean {
    const wanted = tag.toLowerCase().split(/[-_]/)[0] ?? "";
    if (![...choice.options].some(({ value }) => value === wanted)) return false;
    const mine = ++generation;
    choice.value = wanted;
    if (wanted === store.now.language) return true;
    change(wanted, mine).catch(() => {
      if (mine !== generation) return;
      choice.value = store.now.language;
      failed();
    });
    return true;
  }
  choice.addEventListener("change", () => {
    remember(page, base, choice.value);
    to(choice.value);
  });
  return to;
}
