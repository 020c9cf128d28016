/** What each SDK stop status means for the person. Pure. */
import type { StatusName } from "../media/sdk.ts";

/**
 * - `left`: the person left.
 * - `ended`: the meeting is over.
 * - `removed`: the person was removed from the meeting.
 * - `elsewhere`: according to Chime, the same person joined on another device.
 * - `stale`: the credentials are no longer valid; new ones may work.
 * - `full`: the meeting is at capacity.
 * - `failed`: the connection failed or was lost. Also used for every status not listed here.
 */
export type StopMeaning =
  | "left"
  | "ended"
  | "removed"
  | "elsewhere"
  | "stale"
  | "full"
  | "failed";

// Source: doc comments of MeetingSessionStatusCode in amazon-chime-sdk-js 3.32.0.
const MEANINGS: { readonly [name in StatusName]?: StopMeaning } = {
  Left: "left",
  AudioJoinedFromAnotherDevice: "elsewhere",
  AudioAuthenticationRejected: "stale",
  AudioCallAtCapacity: "full",
  MeetingEnded: "ended",
  VideoCallAtSourceCapacity: "full",
  SignalingBadRequest: "stale",
  // The meeting ended or the attendee was removed; the server knows which.
  TURNCredentialsForbidden: "stale",
  AudioAttendeeRemoved: "removed",
};

/**
 * Returns what a stop means. If the meeting "ended" before the person was ever in it, the document
 * is out of date and its meeting is gone: new credentials may lead to the next one.
 * @param name an SDK status, or any other name, which means `failed`
 * @param started whether the person was in the call
 */
export function meaningOf(name: string, started: boolean): StopMeaning {
  const meaning = Object.prototype.hasOwnProperty.call(MEANINGS, name)
    ? MEANINGS[name as StatusName] ?? "failed"
    : "failed";
  return (meaning === "ended" || meaning === "removed") && !started ? "stale" : meaning;
}
