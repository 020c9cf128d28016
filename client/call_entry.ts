/** The file beside the document: hands the call's part to it, and does nothing by itself. */
import { createCallPart } from "./call_part.ts";

globalThis.chimeCallPart = createCallPart;
