/** The file beside the document: hands the call's part to it, and does nothing by itself. */
import type { CallParcel } from "../supabase/functions/chime-page/page/data.ts";
import { createCallPart } from "./call_part.ts";
import { type ParcelPorts, unpack, type Unpacked } from "./parcel.ts";

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
