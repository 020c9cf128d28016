import type { Capabilities } from "./control/requests.ts";
import type { EndReason, Meeting } from "./meetings.ts";

/** A meeting as seen from outside: no tokens. */
export interface MeetingSnapshot {
  readonly meetingId: string;
  readonly externalMeetingId: string;
  readonly mediaRegion: string;
  readonly createdAt: number;
  /** When and why it ended; null while it is active. */
  readonly ended: { readonly at: number; readonly reason: EndReason } | null;
  readonly attendees: readonly AttendeeSnapshot[];
}

/** An attendee as seen from outside. */
export interface AttendeeSnapshot {
  readonly attendeeId: string;
  readonly externalUserId: string;
  readonly capabilities: Capabilities;
  /** True while there is an audio connection. */
  readonly joined: boolean;
}

/** Copies what may be shown of a meeting. */
export function snapshot(meeting: Meeting): MeetingSnapshot {
  return {
    meetingId: meeting.meetingId,
    externalMeetingId: meeting.request.ExternalMeetingId,
    mediaRegion: meeting.request.MediaRegion,
    createdAt: meeting.createdAt,
    ended: meeting.endedAt === undefined || meeting.endReason === undefined
      ? null
      : { at: meeting.endedAt, reason: meeting.endReason },
    attendees: [...meeting.attendees.values()].map((attendee) => ({
      attendeeId: attendee.attendeeId,
      externalUserId: attendee.externalUserId,
      capabilities: attendee.capabilities,
      joined: meeting.audio.has(attendee.attendeeId),
    })),
  };
}
