/** The words on the page: status line, card, notices. Everything else is markup and style. */
import type { PageState } from "../bridge/chime-page.d.ts";
import { write } from "../i18n/render.ts";

/** Where the page is; also the host event `state` and `<body data-phase>`. */
export type Phase = PageState;

/** Nothing runs any more: the card alone speaks. */
const OVER = /^(?:left|ended|failed|joined)/;

/** A button on the card. */
export interface CardAction {
  readonly label: string;
  readonly run: () => void;
}

/** The card's words; without them it says again what the server wrote. */
export interface CardWords {
  readonly title: string;
  readonly text?: string;
  readonly action?: CardAction;
}

/** Finds an element the server rendered; its kind is the markup's to keep, and a test's to see. */
export function element<T extends HTMLElement = HTMLElement>(page: Document, id: string): T {
  const found = page.getElementById(id);
  if (found === null) throw new Error(`Cannot find #${id}`);
  return found as T;
}

/** What the page says. */
export interface View {
  /** Words that are not in the document at the moment. */
  readonly spare: readonly Element[];
  phase(phase: Phase, status: string): void;
  card(words: CardWords | null): void;
  /** Shows the card, or the stage behind it. */
  cardShown(shown: boolean): void;
  /** One thing the person should know; null takes it away. */
  notice(text: string | null): void;
  /** For screen readers only: what happens to the others. */
  announce(text: string, name: string): void;
}

/** @param name the person texts speak of, for `{name}` */
export function createView(page: Document, name: string): View {
  const status = element(page, "status");
  const app = element(page, "app");
  const card = element(page, "card");
  const title = element(page, "card-title");
  const text = element(page, "card-text");
  const action = element<HTMLButtonElement>(page, "action");
  const notice = element(page, "notice");
  const noticeText = element(page, "notice-text");
  const announcements = element(page, "announce");
  // Copies: the words of the server come back in whatever language the page has by then.
  const rendered = [title, text].map((part) => [part, part.cloneNode(true) as Element] as const);
  title.tabIndex = -1;
  let run: () => void = () => undefined;

  action.addEventListener("click", () => {
    action.hidden = true;
    run();
  });
  element<HTMLButtonElement>(page, "notice-close").addEventListener(
    "click",
    () => notice.hidden = true,
  );

  return {
    spare: rendered.map(([, words]) => words),
    phase(phase, words) {
      page.body.setAttribute("data-phase", phase);
      page.body.classList.toggle("over", OVER.test(phase));
      write(status, words, name);
    },
    card(words) {
      action.hidden = words?.action === undefined;
      if (words === null) {
        rendered.forEach(([part, words]) =>
          part.replaceChildren(...words.cloneNode(true).childNodes)
        );
        return;
      }
      write(title, words.title, name);
      write(text, words.text ?? "", name);
      if (words.action === undefined) return;
      action.textContent = words.action.label;
      run = words.action.run;
    },
    cardShown(shown) {
      card.hidden = !shown;
      app.classList.toggle("resting", shown);
      // After the call: what had the focus went with it, and the person would be nowhere.
      const focus = page.activeElement as HTMLElement | null;
      if (page.body.matches(".over") && !focus?.offsetParent) title.focus();
    },
    notice(words) {
      notice.hidden = words === null;
      noticeText.textContent = words ?? "";
    },
    announce(words, person) {
      // Two guests may do the same: that is said twice.
      announcements.textContent = "";
      write(announcements, words, person);
    },
  };
}
