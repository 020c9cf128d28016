import { randomUUID } from "node:crypto";

/** Event types of "Chime Meeting State Change" that the stand-in sends. */
export type MeetingEventType =
  | "MeetingStarted"
  | "MeetingEnded"
  | "AttendeeAdded"
  | "AttendeeDeleted"
  | "AttendeeJoined"
  | "AttendeeLeft"
  | "AttendeeDropped"
  | "AttendeeVideoStarted"
  | "AttendeeVideoStopped"
  | "AttendeeContentJoined"
  | "AttendeeContentLeft"
  | "AttendeeContentDropped"
  | "AttendeeContentVideoStarted"
  | "AttendeeContentVideoStopped";

/** An event as EventBridge delivers it (Chime SDK developer guide, "Meeting events"). */
export interface MeetingEvent {
  readonly version: "0";
  readonly id: string;
  readonly source: "aws.chime";
  readonly account: string;
  readonly region: string;
  readonly "detail-type": "Chime Meeting State Change";
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly version: "0";
    readonly eventType: `chime:${MeetingEventType}`;
    /** Milliseconds since the epoch. */
    readonly timestamp: number;
    readonly meetingId: string;
    readonly externalMeetingId: string;
    readonly mediaRegion: string;
    readonly attendeeId?: string;
    readonly externalUserId?: string;
    readonly networkType?: "Voip";
  };
}

/** What an event is about. */
export interface MeetingEventSubject {
  readonly meetingId: string;
  readonly request: { readonly ExternalMeetingId: string; readonly MediaRegion: string };
}

/** Builds an event at `now` (milliseconds) in the control region. */
export function meetingEvent(
  type: MeetingEventType,
  meeting: MeetingEventSubject,
  about: { readonly now: number; readonly region: string },
  attendee?: { readonly attendeeId: string; readonly externalUserId: string },
): MeetingEvent {
  return {
    version: "0",
    id: randomUUID(),
    source: "aws.chime",
    account: "111122223333",
    region: about.region,
    "detail-type": "Chime Meeting State Change",
    time: new Date(about.now).toISOString().replace(/\.\d+Z$/, "Z"),
    resources: [],
    detail: {
      version: "0",
      eventType: `chime:${type}`,
      timestamp: about.now,
      meetingId: meeting.meetingId,
      externalMeetingId: meeting.request.ExternalMeetingId,
      mediaRegion: meeting.request.MediaRegion,
      ...(attendee === undefined ? {} : {
        attendeeId: attendee.attendeeId,
        externalUserId: attendee.externalUserId,
        networkType: "Voip" as const,
      }),
    },
  };
}
