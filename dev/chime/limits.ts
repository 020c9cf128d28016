/**
 * Amazon Chime's own limits for a new account: what is refused or ended, and when.
 *
 * Sources: "Amazon Chime SDK endpoints and quotas" (AWS General Reference), the API reference of
 * CreateMeeting, and the SDK's guide to data messages.
 */
export const DEFAULT_LIMITS = {
  /** Control plane requests a second that the token bucket refills. */
  requestsPerSecond: 10,
  /** Control plane requests that may come at once. */
  burst: 20,
  /** Meetings that may be active at the same time. */
  activeMeetings: 250,
  /** Attendees that may be created in one meeting. */
  attendees: 250,
  /** Cameras that may be sent in one meeting at the same time. */
  videoSources: 25,
  /** Content shares in one meeting at the same time. */
  contentShares: 2,
  /** A meeting without any audio connection for this long ends. */
  silentMeetingMs: 5 * 60_000,
  /** A meeting this old ends. */
  meetingAgeMs: 24 * 3_600_000,
  /** How far the signature's time may be from the machine's. */
  clockSkewMs: 5 * 60_000,
  /** How long a ClientRequestToken is remembered; AWS documents no figure. */
  requestTokenMs: 7 * 24 * 3_600_000,
  /** Largest body of a data message. */
  dataMessageBytes: 2048,
  /** Longest time that a data message is kept for people who join late. */
  dataMessageLifetimeMs: 5 * 60_000,
  /** Data messages a second and sender that are let through. */
  dataMessagesPerSecond: 100,
  /** Data messages of one sender that may come at once. */
  dataMessageBurst: 200,
};

export type Limits = Readonly<typeof DEFAULT_LIMITS>;
