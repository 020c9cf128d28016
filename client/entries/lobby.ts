/** The lobby bundle: hands its function to the document's script and runs nothing itself. */
import type { BundleContent } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { installLobby } from "../ui/lobby_bundle.ts";

declare global {
  // The function writes this at the start of the file, in the page's language.
  var chimeLobbyContent: BundleContent;
}

globalThis.chimeLobbyFile = {
  install: (dependencies) => installLobby(chimeLobbyContent, dependencies),
};
