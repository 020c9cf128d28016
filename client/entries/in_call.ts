/** The file beside the document: hands the call's part to it, and does nothing by itself. */
import type { CallParcel } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { createCallPart } from "../ui/in_call.ts";
import { type ParcelPorts, unpack, type Unpacked } from "../ui/in_call_bundle.ts";

declare global {
  // Set at the head of the file by the function, in the page's language.
  var chimeCallParcel: CallParcel;
}

let unpacked: Unpacked | undefined;
const once = (ports: ParcelPorts) => unpacked ??= unpack(chimeCallParcel, ports);

globalThis.chimeCallFile = {
  unpack: once,
  createCallPart: (ports) => createCallPart({ ...ports, ...once(ports) }),
};
