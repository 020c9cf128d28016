/** What the server told the page, and what must be forgotten at once. */
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";

/** Reads the JSON data block of the document. */
export function readPageData(page: Document): VisitPageData {
  return JSON.parse(page.getElementById("visit-data")?.textContent ?? "");
}

/**
 * Takes the query (with the link) out of the address, so that it is in no history entry, no
 * screenshot and no later referrer, and names this tab's person in its place: somebody else may have
 * opened the visit in the same browser. A document with an opaque origin may refuse; it has no
 * cookies to be reloaded by, and the link is used up anyway.
 * @param tab which of the browser's cookies is meant
 */
export function markTab(
  { pathname, hash }: Pick<Location, "pathname" | "hash">,
  history: Pick<History, "state" | "replaceState">,
  tab: string,
): void {
  try {
    history.replaceState(history.state, "", `${pathname}?tab=${tab}${hash}`);
  } catch {
    // Nothing more can be done here.
  }
}
