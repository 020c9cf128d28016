/**
 * The title of the browser tab says when somebody waits, and calls attention to the start of the
 * visit. Without names, because titles appear in app switchers and histories.
 */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { Texts } from "../i18n/texts.ts";
import { STOPPED } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";

/** How long a page that the person looks at calls attention. */
const ATTENTION_MS = 10_000;

/** @returns a function that shows a text instead of the title, until the person has seen it */
export function followTitle(
  page: Document,
  store: Store,
  { t }: Texts,
): (text: ClientTextKey) => void {
  let plain = page.title;
  let attention: ClientTextKey | null = null;
  const draw = () => {
    // After leaving, nothing is heard of the others any more.
    const waits = store.now.counterpart === "isWaiting" && !STOPPED.includes(store.now.phase);
    const waiting = waits ? `● ${t("someoneWaits")} – ${plain}` : plain;
    const title = attention ? `● ${t(attention)}` : waiting;
    if (page.title !== title) page.title = title;
  };
  const seen = () => {
    if (page.visibilityState === "hidden") return;
    attention = null;
    draw();
  };
  store.follow("counterpart", draw);
  store.follow("phase", draw);
  store.follow("language", () => {
    // The title has been translated, without what was added to it.
    plain = page.title;
    draw();
  });
  page.addEventListener("visibilitychange", seen);
  return (text) => {
    attention = text;
    draw();
    setTimeout(seen, ATTENTION_MS);
  };
}
