/**
 * The title of the browser tab says when somebody waits. Without names, because titles appear in app
 * switchers and histories.
 */
import type { Texts } from "../i18n/texts.ts";
import { STOPPED } from "../visit/phases.ts";
import type { Store } from "../visit/store.ts";

export function followTitle(page: Document, store: Store, { t }: Texts): void {
  let plain = page.title;
  const draw = () => {
    // After leaving, nothing is heard of the others any more.
    const waits = store.now.counterpart === "isWaiting" && !STOPPED.includes(store.now.phase);
    page.title = waits ? `● ${t("someoneWaits")} – ${plain}` : plain;
  };
  store.follow("counterpart", draw);
  store.follow("phase", draw);
  store.follow("language", () => {
    // The title has been translated, without what was added to it.
    plain = page.title;
    draw();
  });
}
