/**
 * Event format of the app that the page was first built for. The app receives these events on
 * `FlutterChannel` or, on the web, as messages from its frame. Pure.
 */
import type { PageError, PageEventName } from "./chime-page.d.ts";

/** The only failure that the page offers no way out of. */
const FINAL: PageError = "INIT_FAILED: Unsupported";

/**
 * Translates events into `SDK_READY`, `MEETING_JOINED`, `MEETING_LEFT`, `MEETING_ERROR:<text>`,
 * `MEETING_ENDED_BY_PROVIDER:<Chime meeting id>` for whoever ended the meeting, and
 * `MEETING_ENDED_BY_HOST` for everyone else. The app takes `MEETING_ERROR` for the end of the call, so
 * it is not sent while the page can recover.
 * @param meetingId returns the Chime id of the current or last meeting; empty if there was none
 * @param endedHere returns the Chime id of the meeting that this page has ended for everyone
 * @returns a function that returns the legacy event, or null if there is none
 */
export function createLegacyEvents(
  meetingId: () => string,
  endedHere: () => string,
): (event: PageEventName, data: unknown) => string | null {
  let sdkReadySent = false;
  return (event, data) => {
    switch (event) {
      case "state":
        // Connecting means that the SDK is loaded. Sent once, because the app acts on each one.
        if (data !== "connecting" || sdkReadySent) return null;
        sdkReadySent = true;
        return "SDK_READY";
      case "ready":
        return "MEETING_JOINED";
      case "error":
        return data === FINAL ? `MEETING_ERROR:${data}` : null;
      case "ended": {
        const id = meetingId();
        // Also if they left because Chime was slow to report the end.
        if (id && id === endedHere()) return `MEETING_ENDED_BY_PROVIDER:${id}`;
        return data === "USER_LEFT" ? "MEETING_LEFT" : "MEETING_ENDED_BY_HOST";
      }
      default:
        return null;
    }
  };
}
