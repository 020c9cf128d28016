import {
  ChimeSDKMeetingsClient,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteMeetingCommand,
  GetMeetingCommand,
  type Meeting,
} from "@aws-sdk/client-chime-sdk-meetings";
import { attempt, type ChimeFailure } from "./chime_errors.ts";
import type { ChimeAttendee, ChimeMeeting } from "./chime_types.ts";
import type { Deadline } from "./deadline.ts";
import { countRoundTrip } from "./round_trips.ts";
import { err, ok, type Result } from "./result.ts";
import { type RetryClock, type RetryRule, retryWithin } from "./retry.ts";
import { singleFlight } from "./single_flight.ts";

/** What a meeting is created with. */
export interface MeetingRequest {
  /** 2-64 characters of `-_a-zA-Z0-9`. Chime returns the same meeting for the same token. */
  readonly requestToken: string;
  readonly externalMeetingId: string;
  readonly mediaRegion: string;
}

/** The part of Chime's control plane that this project uses. No method throws. */
export interface Chime {
  /** May return a meeting that has ended if the request token was used before. */
  createMeeting(
    request: MeetingRequest,
    deadline: Deadline,
  ): Promise<Result<ChimeMeeting, ChimeFailure>>;
  /**
   * Returns the existing attendee if the meeting already has one with this `externalUserId`.
   * `not-found` is confirmed with GetMeeting, because CreateAttendee sometimes reports it for a
   * meeting that still exists.
   */
  createAttendee(
    meetingId: string,
    externalUserId: string,
    deadline: Deadline,
  ): Promise<Result<ChimeAttendee, ChimeFailure>>;
  /** Succeeds if the meeting no longer exists. */
  deleteMeeting(meetingId: string, deadline: Deadline): Promise<Result<null, ChimeFailure>>;
}

/** Pauses between attempts. Chime refills ten calls a second. */
export const CHIME_RETRY: RetryRule = { baseMs: 250, capMs: 2_000 };

/** How to reach Chime. */
export interface ChimeOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly retry: RetryRule;
}

/**
 * Creates a client for Chime. Calls are retried while Chime is `busy` or `unavailable`; the deadline
 * of a call covers all its attempts.
 */
export function createChime(options: ChimeOptions, clock: RetryClock): Chime {
  const client = new ChimeSDKMeetingsClient({
    region: options.region,
    credentials: options.credentials,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    // The client's own retries exclude conflicts and ignore the deadline.
    maxAttempts: 1,
  });
  // Serves requests that read the database before the new meeting was stored there.
  const meetings = singleFlight<Result<ChimeMeeting, ChimeFailure>>({
    keepMs: 30_000,
    keep: (result) => result.ok,
    now: clock.now,
  });
  // CreateAttendee also shows whether the meeting still exists, so the first reload calls it again.
  // Further reloads get the cached attendee and use none of Chime's quota.
  const attendees = singleFlight<Result<ChimeAttendee, ChimeFailure>>({
    keepMs: 10_000,
    calls: 2,
    keep: (result) => result.ok,
    now: clock.now,
  });

  /**
   * Retries until the deadline. Retrying is outside the single flight, so a caller whose shared
   * request was aborted by another caller's deadline tries again within its own. If the deadline
   * aborts the last attempt, the result of the attempt before it is more informative.
   */
  function withRetries<T>(deadline: Deadline, send: () => Promise<Result<T, ChimeFailure>>) {
    let previous: Result<T, ChimeFailure> | undefined;
    return countRoundTrip(() =>
      retryWithin(options.retry, clock, deadline, async () => {
        const result = await send();
        if (previous && !result.ok && deadline.signal.aborted) return previous;
        return previous = result;
      }, (result) => !result.ok && ["busy", "unavailable"].includes(result.error.kind))
    );
  }

  return {
    createMeeting: (request, deadline) =>
      withRetries(
        deadline,
        () => meetings(request.requestToken, () => createMeeting(client, request, deadline)),
      ),
    createAttendee: (meetingId, userId, deadline) =>
      withRetries(
        deadline,
        () =>
          attendees(
            `${meetingId} ${userId}`,
            () => createAttendee(client, meetingId, userId, deadline),
          ),
      ),
    deleteMeeting: async (meetingId, deadline) => {
      const command = new DeleteMeetingCommand({ MeetingId: meetingId });
      const result = await withRetries(
        deadline,
        () => attempt(() => client.send(command, { abortSignal: deadline.signal })),
      );
      return result.ok || result.error.kind === "not-found" ? ok(null) : result;
    },
  };
}

async function createMeeting(
  client: ChimeSDKMeetingsClient,
  request: MeetingRequest,
  { signal: abortSignal }: Deadline,
): Promise<Result<ChimeMeeting, ChimeFailure>> {
  const command = new CreateMeetingCommand({
    ClientRequestToken: request.requestToken,
    ExternalMeetingId: request.externalMeetingId,
    MediaRegion: request.mediaRegion,
  });
  const response = await attempt(() => client.send(command, { abortSignal }));
  if (!response.ok) return response;
  const meeting = meetingOf(response.value.Meeting);
  return meeting ? ok(meeting) : err({ kind: "unavailable", code: "incomplete-meeting" });
}

async function createAttendee(
  client: ChimeSDKMeetingsClient,
  meetingId: string,
  externalUserId: string,
  { signal: abortSignal }: Deadline,
): Promise<Result<ChimeAttendee, ChimeFailure>> {
  const command = new CreateAttendeeCommand({
    MeetingId: meetingId,
    ExternalUserId: externalUserId,
  });
  const response = await attempt(() => client.send(command, { abortSignal }));
  if (!response.ok) {
    if (response.error.kind !== "not-found") return response;
    // Replacing a meeting that others are still in would split the visit.
    const meeting = await attempt(() =>
      client.send(new GetMeetingCommand({ MeetingId: meetingId }), { abortSignal })
    );
    return meeting.ok ? err({ kind: "unavailable", code: "false-not-found" }) : meeting;
  }
  const { ExternalUserId, AttendeeId, JoinToken } = response.value.Attendee ?? {};
  return ExternalUserId && AttendeeId && JoinToken
    ? ok({ ExternalUserId, AttendeeId, JoinToken })
    : err({ kind: "unavailable", code: "incomplete-attendee" });
}

/** Picks what a browser needs; undefined if any of it is missing. AWS types every field as optional. */
function meetingOf(meeting: Meeting | undefined): ChimeMeeting | undefined {
  const { MeetingId, ExternalMeetingId, MediaRegion, MediaPlacement } = meeting ?? {};
  const { AudioHostUrl, AudioFallbackUrl, SignalingUrl, TurnControlUrl, EventIngestionUrl } =
    MediaPlacement ?? {};
  if (!MeetingId || !MediaRegion || !AudioHostUrl || !AudioFallbackUrl || !SignalingUrl) {
    return undefined;
  }
  return {
    MeetingId,
    ...(ExternalMeetingId ? { ExternalMeetingId } : {}),
    MediaRegion,
    MediaPlacement: {
      AudioHostUrl,
      AudioFallbackUrl,
      SignalingUrl,
      ...(TurnControlUrl ? { TurnControlUrl } : {}),
      ...(EventIngestionUrl ? { EventIngestionUrl } : {}),
    },
  };
}
