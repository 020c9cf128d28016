/**
 * Events in the words of the first user's app, which it hears on the channel `FlutterChannel` and,
 * on the web, from its frame. Pure.
 */
import type { PageEventName } from "./chime-page.d.ts";

/**
 * Says the page's events as that app expects them: `SDK_READY`, `MEETING_JOINED`, `MEETING_LEFT`,
 * `MEETING_ENDED_BY_PROVIDER:<Chime meeting id>`, `MEETING_ERROR:<text>`.
 * @param meetingId Chime's id of the meeting the page is or was in
 */
export function legacyWords(
  meetingId: () => string,
): (event: PageEventName, data: unknown) => string | null {
  let sdkSaid = false;
  return (event, data) => {
    switch (event) {
      case "state":
        // Nothing connects before the SDK is there. That app acts on each `SDK_READY`: one will do.
        if (data !== "connecting" || sdkSaid) return null;
        sdkSaid = true;
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
