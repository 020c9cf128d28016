/** What the server told the page, and what must be forgotten at once. */
import type { ClientTexts, VisitPageData } from "../supabase/functions/chime-page/page/data.ts";

/** Reads the JSON data block of the document. */
export function readPageData(page: Document): VisitPageData {
  return JSON.parse(page.getElementById("visit-data")?.textContent ?? "");
}

/**
 * The texts, for parts of the page that outlive the start of a call: those of the call are among
 * them once its file is there, and nothing that is said before asks for one.
 */
export function allTexts({ texts }: VisitPageData): ClientTexts {
  return texts as ClientTexts;
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
