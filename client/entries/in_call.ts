/** The in-call bundle: hands its functions to the document's script and runs nothing itself. */
import type { BundleContent } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { openSession } from "../call/session.ts";
import { createInCall } from "../ui/in_call.ts";

declare global {
  // The function writes this at the start of the file, in the page's language.
  var chimeCallContent: BundleContent;
}

globalThis.chimeCallFile = {
  openSession,
  createInCall(dependencies) {
    dependencies.lobby.insert(chimeCallContent);
    return createInCall(dependencies);
  },
};
