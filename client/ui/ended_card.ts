/**
 * The card after the end of a visit. Only a provider is offered to go back in, in case they ended it by
 * mistake; everyone else once the visit is open again.
 */
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";

export function followEnd(
  page: Document,
  store: Store,
  { say }: Texts,
  { self }: Pick<VisitPageData, "self">,
): void {
  const action = element<HTMLButtonElement>(page, "action");
  const isProvider = self.role === "provider";
  // Without a button, there is nothing to go back to: the person was removed, or it is too late.
  const ended = () => store.now.phase === "ended" && store.now.screen.card?.action !== undefined;
  const draw = () => {
    action.classList.toggle("link", ended() && isProvider);
    if (!ended()) return;
    if (isProvider) say(action, "endedByMistake");
    else action.hidden = true;
  };
  store.follow("screen", draw);
  store.follow("status", () => {
    if (!ended() || isProvider || store.now.status?.state !== "open") return;
    action.hidden = false;
    say(element(page, "card-text"), "reopened");
  });
  draw();
}
