/** Why a device cannot be used, read from the browser's errors. Pure. */
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";

/** Reads the browser's error, which the SDK hands on as `cause`. */
export function troubleOf(error: unknown): DeviceError {
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
