/** What the server told the page, and what must be forgotten at once. */
import type { VisitPageData } from "../supabase/functions/chime-page/page/data.ts";

/** Reads the JSON data block of the document. */
export function readPageData(page: Document): VisitPageData {
  return JSON.parse(page.getElementById("visit-data")?.textContent ?? "");
}

/**
 * Takes the query (with the pass) out of the address, so that it is in no history entry, no
 * screenshot and no later referrer. A document with an opaque origin may refuse; the pass is spent
 * by then anyway.
 */
export function scrubQuery(location: Location, history: History): void {
  if (location.search === "") return;
  try {
    history.replaceState(history.state, "", location.pathname + location.hash);
  } catch {
    // Nothing more can be done here.
  }
}
