/** Status line, card and notices. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { Texts } from "../i18n/texts.ts";
import { STOPPED } from "../visit/phases.ts";
import type { Card, Store } from "../visit/store.ts";

/** Finds an element of the document. Its type is not checked here, but by tests. */
export function element<T extends HTMLElement = HTMLElement>(page: Document, id: string): T {
  const found = page.getElementById(id);
  if (found === null) throw new Error(`Cannot find #${id}`);
  return found as T;
}

/** The status line and the card follow the state of the visit. */
export interface View {
  /** Overrides the card until the next change of the state. */
  card(card: Card): void;
  /** Shows the card, or the stage behind it. */
  cardShown(shown: boolean): void;
  /** Shows a notice. "Offline" is not replaced by another one, because it explains most of them. */
  notice(text: ClientTextKey): void;
  /** Hides the notice if it is this one; without a text, any but "offline". */
  clearNotice(text?: ClientTextKey): void;
  /** Announces a text to screen readers. */
  announce(text: ClientTextKey, name: string): void;
}

/**
 * @param first the first card of the visit
 * @param name the name for `{name}` in texts
 */
export function createView(
  page: Document,
  store: Store,
  { say }: Texts,
  first: Card,
  name: string,
): View {
  const status = element(page, "status");
  const app = element(page, "app");
  const card = element(page, "card");
  const title = element(page, "card-title");
  const text = element(page, "card-text");
  const action = element<HTMLButtonElement>(page, "action");
  const notice = element(page, "notice");
  const noticeText = element(page, "notice-text");
  const noticed = () => notice.hidden ? undefined : noticeText.dataset["text"];
  const announcements = element(page, "announce");
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

  function show(next: Card): void {
    say(title, next.title, { name: next.name ?? name });
    say(text, next.text ?? null, { name });
    action.hidden = next.action === undefined;
    if (next.action === undefined) return;
    say(action, next.action.label);
    run = next.action.run;
  }
  store.follow("screen", () => {
    const { phase, screen } = store.now;
    page.body.setAttribute("data-phase", phase);
    page.body.classList.toggle("over", STOPPED.includes(phase));
    say(status, screen.status, { name });
    show(screen.card ?? first);
  });

  return {
    card: show,
    cardShown(shown) {
      card.hidden = !shown;
      app.classList.toggle("resting", shown);
      // After the call, the focused element may be gone.
      const focus = page.activeElement as HTMLElement | null;
      if (page.body.matches(".over") && !focus?.offsetParent) title.focus();
    },
    notice(message) {
      if (noticed() === "offline" && message !== "offline") return;
      notice.hidden = false;
      say(noticeText, message);
    },
    clearNotice(message) {
      if (message ? noticed() !== message : noticed() === "offline") return;
      notice.hidden = true;
      say(noticeText, null);
    },
    announce(message, person) {
      // Cleared first, so that the same announcement for two guests is read out twice.
      announcements.textContent = "";
      say(announcements, message, { name: person });
    },
  };
}
