/**
 * Event format of the app that the page was first built for. The app receives these events on
 * `FlutterChannel` or, on the web, as messages from its frame. Pure.
 */
import type { PageEventName } from "./chime-page.d.ts";

/**
 * Translates events into `SDK_READY`, `MEETING_JOINED`, `MEETING_LEFT`,
 * `MEETING_ENDED_BY_PROVIDER:<Chime meeting id>` and `MEETING_ERROR:<text>`.
 * @param meetingId returns the Chime id of the current or last meeting
 * @returns a function that returns the legacy event, or null if there is none
 */
export function createLegacyEvents(
  meetingId: () => string,
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
        return `MEETING_ERROR:${data}`;
      case "ended":
        return data === "USER_LEFT" ? "MEETING_LEFT" : `MEETING_ENDED_BY_PROVIDER:${meetingId()}`;
      default:
        return null;
    }
  };
}
