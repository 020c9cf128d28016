/** Why a device cannot be used, read from the browser's errors. Pure. */
import type { DocumentTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";

/** Why a device cannot be used. */
export type DeviceTrouble = "refused" | "missing" | "busy";

/** Reads the browser's error, which the SDK hands on as `cause`. */
export function troubleOf(error: unknown): DeviceTrouble {
  const cause = (error as { cause?: unknown } | null)?.cause ?? error;
  switch ((cause as { name?: unknown } | null)?.name) {
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
    // The document is not active: in the background, or about to go.
    case "InvalidStateError":
      return "busy";
    default:
      // Also no `mediaDevices` at all: the page is not in a place that may have them.
      return "refused";
  }
}

/** What is said of a microphone, and of a camera, that can't be used; a refusal has words of its own. */
export type Troubles = Readonly<
  Record<Exclude<DeviceTrouble, "refused">, readonly [DocumentTextKey, DocumentTextKey]>
>;

/** The same for the lobby and the call. */
export const TROUBLES: Troubles = {
  missing: ["noMicrophone", "noCamera"],
  busy: ["microphoneBusy", "cameraBusy"],
};
