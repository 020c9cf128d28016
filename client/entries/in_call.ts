/** The in-call bundle: hands its functions to the document's script and runs nothing itself. */
import type { InCallContent } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { createInCall } from "../ui/in_call.ts";
import {
  type BundleDependencies,
  installBundle,
  type InstalledBundle,
} from "../ui/in_call_bundle.ts";

declare global {
  // The function writes this at the start of the file, in the page's language.
  var chimeInCallContent: InCallContent;
}

let installed: InstalledBundle | undefined;
const install = (dependencies: BundleDependencies) =>
  installed ??= installBundle(chimeInCallContent, dependencies);

globalThis.chimeCallFile = {
  install,
  createInCall: (dependencies) => createInCall({ ...dependencies, ...install(dependencies) }),
};
