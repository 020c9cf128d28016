/** Changes the language of the page by replacing its texts, without a reload. */
import { aloneTexts } from "../../supabase/functions/chime-page/contract/alone_texts.ts";
import type {
  BundleContent,
  LanguagePack,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Store } from "../visit/store.ts";

export interface LanguageDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  /** URL of the visit; see `VisitPageData.api`. */
  readonly base: string;
  /** Whether nobody else is listed. */
  readonly alone: boolean;
  /** Called if the texts cannot be loaded; the page keeps its language. */
  readonly failed: () => void;
}

const TIMEOUT_MS = 15_000;

/**
 * Sets a cookie, so that the server uses the language when the visit is opened again. The cookie is
 * limited to this visit and the browser session, because the next visit on this phone may be someone
 * else's. The URL keeps the language for a reload in browsers that refuse the cookie.
 */
function remember(page: Document, base: string, language: string): void {
  try {
    const url = new URL(location.href);
    url.searchParams.set("lang", language);
    history.replaceState(history.state, "", url);
    page.cookie = `chime-page-language=${language};path=${new URL(base).pathname};` +
      "secure;samesite=none;partitioned";
  } catch {
    // Documents with an opaque origin have neither, and cannot be reloaded.
  }
}

/** Texts of the page in the current language. */
export interface LanguageSwitch {
  /** Connects the menu. */
  connect(menu: HTMLSelectElement): void;
  /** Switches to a tag such as `ar` or `pt-BR`; returns whether the page supports that language. */
  switchTo(tag: string): boolean;
  /**
   * Adds a bundle to the document, whose CSP allows the style by its hash. The bundle is in the
   * language that the document had at first.
   */
  insert(content: BundleContent): void;
}

/** Creates the language switch. Nothing is inserted or connected yet. */
export function createLanguageSwitch(
  { page, store, texts, base, alone, failed }: LanguageDependencies,
): LanguageSwitch {
  let menu: HTMLSelectElement;
  let pack: LanguagePack | undefined;
  const root = base.replace(/[^/]*$/, "texts/");
  // After two quick changes the last one wins, whichever response arrives first.
  let generation = 0;

  async function fetchPack(language: string): Promise<LanguagePack> {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), TIMEOUT_MS);
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
    for (const target of page.querySelectorAll<HTMLElement>("[data-text],[data-label]")) {
      texts.render(target);
      // The page has one placeholder, which is the same as its label.
      if (target.matches("[placeholder]")) {
        target.setAttribute("placeholder", target.getAttribute("aria-label") ?? "");
      }
    }
  }
  async function change(wanted: string, mine: number): Promise<void> {
    const next = await fetchPack(wanted);
    if (mine !== generation) return;
    const { language, direction } = next;
    pack = { ...next, texts: { ...next.texts, ...(alone && aloneTexts(next.texts)) } };
    texts.add(pack.texts);
    page.documentElement.lang = language;
    page.documentElement.dir = direction;
    render();
    store.set({ language });
  }
  function switchTo(tag: string): boolean {
    const wanted = tag.toLowerCase().split(/[-_]/)[0] ?? "";
    if (![...menu.options].some(({ value }) => value === wanted)) return false;
    const mine = ++generation;
    menu.value = wanted;
    if (wanted === store.now.language) return true;
    change(wanted, mine).catch(() => {
      if (mine !== generation) return;
      menu.value = store.now.language;
      failed();
    });
    return true;
  }
  return {
    switchTo,
    connect(found) {
      menu = found;
      menu.addEventListener("change", () => {
        remember(page, base, menu.value);
        switchTo(menu.value);
      });
    },
    insert(content) {
      const style = page.createElement("style");
      style.textContent = content.style;
      page.head.append(style);
      for (const [id, position, html] of content.markup) {
        // Not every page has a lobby.
        page.getElementById(id)?.insertAdjacentHTML(position, html);
      }
      texts.add(content.texts);
      if (pack === undefined) return;
      texts.add(pack.texts);
      render();
    },
  };
}
