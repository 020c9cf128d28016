/** What the end of a session means for a person, by the SDK's own names. Pure. */
import type { StatusName } from "../media/sdk.ts";

/**
 * - `left`: the person asked for it.
 * - `ended`: the meeting is over for this person.
 * - `removed`: somebody took this person out of the meeting.
 * - `elsewhere`: the same person joined on another device, or Chime believes so.
 * - `stale`: these credentials are of no use (any more); fresh ones may be.
 * - `full`: no room in the meeting.
 * - `failed`: the connection could not be made or kept; also any status that is not named here.
 */
export type StopMeaning =
  | "left"
  | "ended"
  | "removed"
  | "elsewhere"
  | "stale"
  | "full"
  | "failed";

// Source of the meanings: the doc comments of MeetingSessionStatusCode in amazon-chime-sdk-js 3.32.0.
const MEANINGS: { readonly [name in StatusName]?: StopMeaning } = {
  Left: "left",
  AudioJoinedFromAnotherDevice: "elsewhere",
  AudioAuthenticationRejected: "stale",
  AudioCallAtCapacity: "full",
  MeetingEnded: "ended",
  VideoCallAtSourceCapacity: "full",
  SignalingBadRequest: "stale",
  // The meeting ended or the attendee was removed, seen from the media side: the server knows which.
  TURNCredentialsForbidden: "stale",
  AudioAttendeeRemoved: "removed",
};

/**
 * The meaning of a stop. A meeting that "ended" before the person was ever in it is a dead meeting
 * in an old document: fresh credentials may open the next one.
 */
export function meaningOf(name: string, started: boolean): StopMeaning {
  const meaning = Object.prototype.hasOwnProperty.call(MEANINGS, name)
    ? MEANINGS[name as StatusName] ?? "failed"
    : "failed";
  return (meaning === "ended" || meaning === "removed") && !started ? "stale" : meaning;
}
