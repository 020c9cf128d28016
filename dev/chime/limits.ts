/**
 * What the stand-in refuses or ends, and when. The defaults are Amazon Chime's own.
 *
 * Sources: "Amazon Chime SDK endpoints and quotas" (AWS General Reference), the API reference of
 * CreateMeeting, and the SDK's guide to data messages.
 */
export interface Limits {
  /** Control plane requests a second that the token bucket refills. */
  readonly requestsPerSecond: number;
  /** Control plane requests that may come at once. */
  readonly burst: number;
  /** Meetings that may be active at the same time. */
  readonly activeMeetings: number;
  /** Attendees that may be created in one meeting. */
  readonly attendees: number;
  /** Cameras that may be sent in one meeting at the same time. */
  readonly videoSources: number;
  /** Content shares in one meeting at the same time. */
  readonly contentShares: number;
  /** A meeting with no audio connection for this long ends; milliseconds. */
  readonly silentMeetingMs: number;
  /** A meeting this old ends; milliseconds. */
  readonly meetingAgeMs: number;
  /** How far the signature's time may be from the machine's; milliseconds. */
  readonly clockSkewMs: number;
  /** How long a ClientRequestToken is remembered; AWS documents no figure; milliseconds. */
  readonly requestTokenMs: number;
  /** Largest body of a data message; bytes. */
  readonly dataMessageBytes: number;
  /** Longest time a data message is kept for people who join late; milliseconds. */
  readonly dataMessageLifetimeMs: number;
  /** Data messages a second and sender that are let through. */
  readonly dataMessagesPerSecond: number;
  /** Data messages of one sender that may come at once. */
  readonly dataMessageBurst: number;
}

/** Amazon Chime's quotas as they are for a new account. */
export const DEFAULT_LIMITS: Limits = {
  requestsPerSecond: 10,
  burst: 20,
  activeMeetings: 250,
  attendees: 250,
  videoSources: 25,
  contentShares: 2,
  silentMeetingMs: 5 * 60_000,
  meetingAgeMs: 24 * 3_600_000,
  clockSkewMs: 5 * 60_000,
  requestTokenMs: 7 * 24 * 3_600_000,
  dataMessageBytes: 2048,
  dataMessageLifetimeMs: 5 * 60_000,
  dataMessagesPerSecond: 100,
  dataMessageBurst: 200,
};
