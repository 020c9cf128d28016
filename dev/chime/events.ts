import { randomUUID } from "node:crypto";
import type { Attendee, Meeting } from "./meetings.ts";

/** Event types of "Chime Meeting State Change" that the stand-in sends. */
export type MeetingEventType =
  | "MeetingStarted"
  | "MeetingEnded"
  | "AttendeeAdded"
  | "AttendeeDeleted"
  | `Attendee${"" | "Content"}${"Joined" | "Left" | "Dropped" | "VideoStarted" | "VideoStopped"}`;

/** An event as EventBridge delivers it (Chime SDK developer guide, "Meeting events"). */
export type MeetingEvent = ReturnType<typeof meetingEvent>;

/** Builds an event at `now` (milliseconds) in the control region. */
export function meetingEvent(
  type: MeetingEventType,
  meeting: Pick<Meeting, "meetingId" | "request">,
  { now, region }: { readonly now: number; readonly region: string },
  attendee?: Attendee,
) {
  return {
    version: "0",
    id: randomUUID(),
    source: "aws.chime",
    account: "111122223333",
    region,
    "detail-type": "Chime Meeting State Change",
    // In whole seconds.
    time: new Date(now).toISOString().replace(/\.\d+Z$/, "Z"),
    resources: [],
    detail: {
      version: "0",
      eventType: `chime:${type}` as const,
      timestamp: now,
      meetingId: meeting.meetingId,
      externalMeetingId: meeting.request.ExternalMeetingId,
      mediaRegion: meeting.request.MediaRegion,
      ...(attendee === undefined ? {} : {
        attendeeId: attendee.attendeeId,
        externalUserId: attendee.externalUserId,
        networkType: "Voip",
      }),
    },
  };
}
