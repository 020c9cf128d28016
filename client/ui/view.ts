/** The texts around the call: status line, card, notices. Everything else is markup and style. */
import { write } from "../i18n/render.ts";
import { STOPPED } from "../visit/phases.ts";
import type { Card, Store } from "../visit/store.ts";

/** Finds an element the server rendered; its kind is the markup's to keep, and a test's to see. */
export function element<T extends HTMLElement = HTMLElement>(page: Document, id: string): T {
  const found = page.getElementById(id);
  if (found === null) throw new Error(`Cannot find #${id}`);
  return found as T;
}

/** The texts around the call; status line and card follow the state of the visit. */
export interface View {
  /** Copies of what the server rendered, which are not in the document. */
  readonly spare: readonly Element[];
  /** Shows another card than the state of the visit asks for; null: what the server rendered. */
  card(card: Card | null): void;
  /** Shows the card, or the stage behind it. */
  cardShown(shown: boolean): void;
  /** One thing the person should know; null takes it away. */
  notice(text: string | null): void;
  /** For screen readers only: what happens to the others. */
  announce(text: string, name: string): void;
}

/** @param name the person whom texts name, for `{name}` */
export function createView(page: Document, store: Store, name: string): View {
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

  function show(next: Card | null): void {
    action.hidden = next?.action === undefined;
    if (next === null) {
      rendered.forEach(([part, copy]) => part.replaceChildren(...copy.cloneNode(true).childNodes));
      return;
    }
    write(title, next.title, name);
    write(text, next.text ?? "", name);
    if (next.action === undefined) return;
    action.textContent = next.action.label;
    run = next.action.run;
  }
  store.follow("screen", () => {
    const { phase, screen } = store.now;
    page.body.setAttribute("data-phase", phase);
    page.body.classList.toggle("over", STOPPED.includes(phase));
    write(status, screen.status, name);
    show(screen.card);
  });

  return {
    spare: rendered.map(([, copy]) => copy),
    card: show,
    cardShown(shown) {
      card.hidden = !shown;
      app.classList.toggle("resting", shown);
      // After the call: what had the focus went with it, and the person would be nowhere.
      const focus = page.activeElement as HTMLElement | null;
      if (page.body.matches(".over") && !focus?.offsetParent) title.focus();
    },
    notice(message) {
      notice.hidden = message === null;
      noticeText.textContent = message ?? "";
    },
    announce(message, person) {
      // Two guests may do the same: that is said twice.
      announcements.textContent = "";
      write(announcements, message, person);
    },
  };
}
