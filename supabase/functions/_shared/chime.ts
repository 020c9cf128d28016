import {
  ChimeSDKMeetingsClient,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  DeleteMeetingCommand,
  type Meeting,
} from "@aws-sdk/client-chime-sdk-meetings";
import type { ChimeAttendee, ChimeMeeting } from "./chime_types.ts";
import { countHop } from "./hops.ts";
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
  createMeeting(order: MeetingOrder): Promise<Result<ChimeMeeting, ChimeFailure>>;
  /** Answers the existing attendee if `externalUserId` already has one in the meeting. */
  createAttendee(
    meetingId: string,
    externalUserId: string,
  ): Promise<Result<ChimeAttendee, ChimeFailure>>;
  /** A meeting that is already gone counts as deleted. */
  deleteMeeting(meetingId: string): Promise<Result<null, ChimeFailure>>;
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

/** The real client of `@aws-sdk/client-chime-sdk-meetings`, with one deadline over all attempts. */
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
  const attendees = singleFlight<Result<ChimeAttendee, ChimeFailure>>();

  async function call<T>(send: (abortSignal: AbortSignal) => Promise<T>) {
    return await retryWithin<Result<T, ChimeFailure>>(
      options.retry,
      clock,
      async (leftMs) => {
        try {
          return ok(await send(AbortSignal.timeout(leftMs)));
        } catch (error) {
          return err(chimeFailure(error));
        }
      },
      (outcome) => !outcome.ok && ["busy", "unavailable"].includes(outcome.error.kind),
    );
  }

  async function createMeeting(order: MeetingOrder): Promise<Result<ChimeMeeting, ChimeFailure>> {
    const answer = await call((abortSignal) =>
      client.send(
        new CreateMeetingCommand({
          ClientRequestToken: order.requestToken,
          ExternalMeetingId: order.externalMeetingId,
          MediaRegion: order.mediaRegion,
        }),
        { abortSignal },
      )
    );
    if (!answer.ok) return answer;
    const meeting = meetingOf(answer.value.Meeting);
    return meeting ? ok(meeting) : err({ kind: "unavailable", code: "incomplete-meeting" });
  }

  async function createAttendee(
    meetingId: string,
    externalUserId: string,
  ): Promise<Result<ChimeAttendee, ChimeFailure>> {
    const answer = await call((abortSignal) =>
      client.send(
        new CreateAttendeeCommand({ MeetingId: meetingId, ExternalUserId: externalUserId }),
        { abortSignal },
      )
    );
    if (!answer.ok) return answer;
    const { ExternalUserId, AttendeeId, JoinToken } = answer.value.Attendee ?? {};
    return ExternalUserId && AttendeeId && JoinToken
      ? ok({ ExternalUserId, AttendeeId, JoinToken })
      : err({ kind: "unavailable", code: "incomplete-attendee" });
  }

  return {
    createMeeting: (order) =>
      countHop(() => meetings(order.requestToken, () => createMeeting(order))),
    createAttendee: (meetingId, userId) =>
      countHop(() => attendees(`${meetingId} ${userId}`, () => createAttendee(meetingId, userId))),
    deleteMeeting: (meetingId) =>
      countHop(async () => {
        const answer = await call((abortSignal) =>
          client.send(new DeleteMeetingCommand({ MeetingId: meetingId }), { abortSignal })
        );
        return answer.ok || answer.error.kind === "not-found" ? ok(null) : answer;
      }),
  };
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
