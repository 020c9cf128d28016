import type { Meeting } from "./meetings.ts";

/** A meeting as seen from outside: no tokens. `ended` is null while it is active. */
export function snapshot(meeting: Meeting) {
  return {
    meetingId: meeting.meetingId,
    externalMeetingId: meeting.request.ExternalMeetingId,
    mediaRegion: meeting.request.MediaRegion,
    createdAt: meeting.createdAt,
    ended: meeting.endedAt === undefined || meeting.endReason === undefined
      ? null
      : { at: meeting.endedAt, reason: meeting.endReason },
    transcribed: meeting.transcription !== undefined,
    attendees: [...meeting.attendees.values()].map((attendee) => ({
      attendeeId: attendee.attendeeId,
      externalUserId: attendee.externalUserId,
      capabilities: attendee.capabilities,
      joined: meeting.audio.has(attendee.attendeeId),
    })),
  };
}
