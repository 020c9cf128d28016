/** Covers the stage, or one tile, while what it shows is not live: with a spinner and words. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { Texts, Values } from "../i18n/texts.ts";
import { IN_CALL } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";

/** Creates a veil. Screen readers read the status line, which says the same. */
export function createVeil(
  page: Document,
  { say }: Texts,
  text: ClientTextKey,
  values?: Values,
): HTMLElement {
  const veil = page.createElement("div");
  veil.className = "veil";
  veil.setAttribute("aria-hidden", "true");
  const spinner = page.createElement("span");
  spinner.className = "spinner";
  const words = page.createElement("p");
  say(words, text, values);
  veil.append(spinner, words);
  return veil;
}

/**
 * Covers the stage while this page is offline or reconnecting: the last picture stays visible below,
 * but must not pass for a live one.
 */
export function veilStage(page: Document, store: Store, texts: Texts): void {
  const app = element(page, "app");
  let veil: HTMLElement | null = null;
  const draw = () => {
    const { phase, offline } = store.now;
    const lost = IN_CALL.includes(phase) && (offline || phase === "reconnecting");
    app.classList.toggle("veiled", lost);
    veil?.remove();
    // A notice explains what being offline means.
    veil = lost ? createVeil(page, texts, "reconnecting") : null;
    if (veil) element(page, "stage").after(veil);
  };
  store.follow("phase", draw);
  store.follow("offline", draw);
}
