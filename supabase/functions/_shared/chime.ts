import {
  ChimeSDKMeetingsClient,
  ChimeSDKMeetingsServiceException,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteMeetingCommand,
  GetMeetingCommand,
  type Meeting,
} from "@aws-sdk/client-chime-sdk-meetings";
import type { ChimeAttendee, ChimeMeeting } from "./chime_types.ts";
import type { Deadline } from "./deadline.ts";
import { countRoundTrip } from "./round_trips.ts";
import { err, ok, type Result } from "./result.ts";
import { type RetryClock, type RetryRule, retryWithin } from "./retry.ts";
import { singleFlight } from "./single_flight.ts";

/**
 * Why Chime did not do it. `not-found`: the meeting is over or never was. `busy`: throttled, in
 * conflict or at a quota until the deadline. `refused`: our key or our request is wrong, so trying
 * again is no use. `unavailable`: Chime or the way there is down. `code` is AWS's error name.
 */
export interface ChimeFailure {
  readonly kind: "not-found" | "busy" | "refused" | "unavailable";
  readonly code: string;
}

/** What a meeting is created from. */
export interface MeetingOrder {
  /** 2-64 of `-_a-zA-Z0-9`. Chime answers the same meeting to the same token. */
  readonly requestToken: string;
  readonly externalMeetingId: string;
  readonly mediaRegion: string;
}

/** Chime's control plane as this project uses it. Nothing here throws. */
export interface Chime {
  /** A token that was used before may answer a meeting that has ended. */
  createMeeting(
    order: MeetingOrder,
    deadline: Deadline,
  ): Promise<Result<ChimeMeeting, ChimeFailure>>;
  /**
   * Answers the existing attendee if `externalUserId` already has one in the meeting. `not-found` is
   * confirmed: CreateAttendee says it now and then of a meeting that lives.
   */
  createAttendee(
    meetingId: string,
    externalUserId: string,
    deadline: Deadline,
  ): Promise<Result<ChimeAttendee, ChimeFailure>>;
  /** A meeting that is already gone counts as deleted. */
  deleteMeeting(meetingId: string, deadline: Deadline): Promise<Result<null, ChimeFailure>>;
}

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

const BUSY = new Set([
  "ConflictException",
  "LimitExceededException",
  "ResourceLimitExceeded",
  "ResourceLimitExceededException",
  "ThrottledClientException",
  "ThrottlingException",
  "TooManyRequestsException",
]);
const REFUSED = new Set([
  "AccessDeniedException",
  "BadRequestException",
  "ForbiddenException",
  "InvalidSignatureException",
  "UnauthorizedClientException",
  "UnauthorizedException",
  "UnprocessableEntityException",
  "UnrecognizedClientException",
]);
/** Names AWS's error after what a caller can do about it. Source: API reference, "Common errors". */
export function chimeFailure(error: unknown): ChimeFailure {
  const code = error instanceof Error ? error.name : "unknown";
  if (code === "NotFoundException") return { kind: "not-found", code };
  if (BUSY.has(code)) return { kind: "busy", code };
  if (REFUSED.has(code)) return { kind: "refused", code };
  return { kind: "unavailable", code };
}

/** The real client of `@aws-sdk/client-chime-sdk-meetings`; a call's deadline is over all attempts. */
export function createChime(options: ChimeOptions, clock: RetryClock): Chime {
  const client = new ChimeSDKMeetingsClient({
    region: options.region,
    credentials: options.credentials,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    // Conflict is not in the client's own list of what to repeat, and its pauses know no deadline.
    maxAttempts: 1,
  });
  // Who asked the database before the meeting was stored there still finds it here.
  const meetings = singleFlight<Result<ChimeMeeting, ChimeFailure>>({
    keepMs: 30_000,
    keep: (answer) => answer.ok,
    now: clock.now,
  });
  // The call also tells whether the meeting lives: a first reload makes it again. Whoever reloads on
  // and on gets the same attendee, and takes nobody's share of Chime.
  const attendees = singleFlight<Result<ChimeAttendee, ChimeFailure>>({
    keepMs: 10_000,
    calls: 2,
    keep: (answer) => answer.ok,
    now: clock.now,
  });

  /**
   * Whoever shares a flight that another's deadline cuts short still tries again in their own. An
   * attempt that the deadline cut short says less than what Chime answered before.
   */
  function persist<T>(deadline: Deadline, attempt: () => Promise<Result<T, ChimeFailure>>) {
    let before: Result<T, ChimeFailure> | undefined;
    return countRoundTrip(() =>
      retryWithin(options.retry, clock, deadline, async () => {
        const answer = await attempt();
        if (before && !answer.ok && deadline.signal.aborted) return before;
        return before = answer;
      }, (outcome) => !outcome.ok && ["busy", "unavailable"].includes(outcome.error.kind))
    );
  }

  async function createMeeting(
    order: MeetingOrder,
    { signal: abortSignal }: Deadline,
  ): Promise<Result<ChimeMeeting, ChimeFailure>> {
    const command = new CreateMeetingCommand({
      ClientRequestToken: order.requestToken,
      ExternalMeetingId: order.externalMeetingId,
      MediaRegion: order.mediaRegion,
    });
    const answer = await attempt(() => client.send(command, { abortSignal }));
    if (!answer.ok) return answer;
    const meeting = meetingOf(answer.value.Meeting);
    return meeting ? ok(meeting) : err({ kind: "unavailable", code: "incomplete-meeting" });
  }

  async function createAttendee(
    meetingId: string,
    externalUserId: string,
    { signal: abortSignal }: Deadline,
  ): Promise<Result<ChimeAttendee, ChimeFailure>> {
    const answer = await attempt(() =>
      client.send(
        new CreateAttendeeCommand({ MeetingId: meetingId, ExternalUserId: externalUserId }),
        { abortSignal },
      )
    );
    if (!answer.ok) {
      if (answer.error.kind !== "not-found") return answer;
      // Giving up a meeting that others are in would part them.
      const meeting = await attempt(() =>
        client.send(new GetMeetingCommand({ MeetingId: meetingId }), { abortSignal })
      );
      return meeting.ok ? err({ kind: "unavailable", code: "false-not-found" }) : meeting;
    }
    const { ExternalUserId, AttendeeId, JoinToken } = answer.value.Attendee ?? {};
    return ExternalUserId && AttendeeId && JoinToken
      ? ok({ ExternalUserId, AttendeeId, JoinToken })
      : err({ kind: "unavailable", code: "incomplete-attendee" });
  }

  return {
    createMeeting: (order, deadline) =>
      persist(
        deadline,
        () => meetings(order.requestToken, () => createMeeting(order, deadline)),
      ),
    createAttendee: (meetingId, userId, deadline) =>
      persist(
        deadline,
        () =>
          attendees(`${meetingId} ${userId}`, () => createAttendee(meetingId, userId, deadline)),
      ),
    deleteMeeting: async (meetingId, deadline) => {
      const command = new DeleteMeetingCommand({ MeetingId: meetingId });
      const answer = await persist(
        deadline,
        () => attempt(() => client.send(command, { abortSignal: deadline.signal })),
      );
      return answer.ok || answer.error.kind === "not-found" ? ok(null) : answer;
    },
  };
}

/** One call, its failure as a value. */
async function attempt<T>(send: () => Promise<T>): Promise<Result<T, ChimeFailure>> {
  try {
    return ok(await unlessSkewed(send));
  } catch (error) {
    return err(chimeFailure(error));
  }
}

/**
 * A signature holds for five minutes. The AWS client learns the service's time from the `Date` of an
 * answer and marks the error where it did, for its own retries; signing once more is all it takes.
 * Only once: a key that is really wrong stays refused.
 */
async function unlessSkewed<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isSkewCorrected(error)) throw error;
    return await send();
  }
}

function isSkewCorrected(error: unknown): boolean {
  return error instanceof ChimeSDKMeetingsServiceException &&
    "clockSkewCorrected" in error.$metadata;
}

/** What the AWS client types as optional throughout, checked once. Only what a browser needs. */
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
