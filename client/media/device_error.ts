/** Maps browser errors to the reason why a device cannot be used. Pure. */
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";

/** @param error the browser's error, or an SDK error with it as `cause` */
export function troubleOf(error: unknown): DeviceError {
  const cause = (error as { cause?: unknown } | null)?.cause ?? error;
  switch ((cause as { name?: unknown } | null)?.name) {
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
    // The document is not active: in the background or being closed.
    case "InvalidStateError":
      return "busy";
    case "NotAllowedError":
      // Chromium's message where the operating system does not let the browser use the device.
      return /by system/.test(String((cause as { message?: unknown }).message))
        ? "denied"
        : "refused";
    default:
      // Also if `mediaDevices` is missing, because the page is not in a secure context.
      return "refused";
  }
}
