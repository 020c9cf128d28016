/** The part of a meeting that a browser needs. Source: Chime SDK API reference, `Meeting`. */
export interface ChimeMeeting {
  readonly MeetingId: string;
  readonly ExternalMeetingId?: string;
  readonly MediaRegion: string;
  readonly MediaPlacement: {
    readonly AudioHostUrl: string;
    readonly AudioFallbackUrl: string;
    readonly SignalingUrl: string;
    readonly TurnControlUrl?: string;
    readonly EventIngestionUrl?: string;
  };
}

/** One person's credentials for a meeting. `JoinToken` is a secret. */
export interface ChimeAttendee {
  readonly ExternalUserId: string;
  readonly AttendeeId: string;
  readonly JoinToken: string;
}
