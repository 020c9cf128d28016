/**
 * The title of the browser tab says when somebody waits. Without names, because titles appear in app
 * switchers and histories.
 */
import type { Texts } from "../i18n/texts.ts";
import type { Store } from "../visit/store.ts";

export function followTitle(page: Document, store: Store, { t }: Texts): void {
  let plain = page.title;
  const draw = () => {
    const waits = store.now.counterpart === "isWaiting";
    page.title = waits ? `● ${t("someoneWaits")} – ${plain}` : plain;
  };
  store.follow("counterpart", draw);
  store.follow("language", () => {
    // The title has been translated, without what was added to it.
    plain = page.title;
    draw();
  });
}
