/** The in-call bundle: hands its parts to the document, and does nothing by itself. */
import type { InCallContent } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { createInCall } from "../ui/in_call.ts";
import { type BundleDependencies, unpack, type Unpacked } from "../ui/in_call_bundle.ts";

declare global {
  // Set at the head of the file by the function, in the page's language.
  var chimeInCallContent: InCallContent;
}

let unpacked: Unpacked | undefined;
const once = (dependencies: BundleDependencies) =>
  unpacked ??= unpack(chimeInCallContent, dependencies);

globalThis.chimeCallFile = {
  unpack: once,
  createInCall: (dependencies) => createInCall({ ...dependencies, ...once(dependencies) }),
};
