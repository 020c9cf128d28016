/** Reads the data that the server put into the document, and cleans up its URL. */
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";

/** Parses the JSON data block of the document. */
export function readPageData(page: Document): VisitPageData {
  return JSON.parse(page.getElementById("visit-data")?.textContent ?? "");
}

/**
 * Replaces the query in the page's URL. This keeps the link out of the history, screenshots and
 * referrers. The new query names the session cookie of this tab, because someone else may have
 * opened the visit in the same browser. Documents with an opaque origin may refuse; they have no
 * cookies for a reload, and the link is already used up.
 * @param query see `VisitPageData.query`
 */
export function markTab(
  { pathname, hash }: Pick<Location, "pathname" | "hash">,
  history: Pick<History, "state" | "replaceState">,
  query: string,
): void {
  try {
    history.replaceState(history.state, "", `${pathname}?${query}${hash}`);
  } catch {
    // Refused by the browser.
  }
}
