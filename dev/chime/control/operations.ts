import type { Attendee, Meeting, Meetings } from "../meetings.ts";
import type { Placement } from "../placement.ts";
import { ControlProblem } from "./problem.ts";
import { type AttendeeRequest, BODIES, readBody } from "./requests.ts";
import type { Route } from "./routes.ts";
import type { WireRequest } from "./wire.ts";

/** What an operation needs. */
export interface OperationContext {
  readonly meetings: Meetings;
  readonly placement: Placement;
  readonly region: string;
}

/** A success: HTTP status and JSON body (undefined for 204). */
export interface OperationResult {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * Carries out one operation of the control plane. Statuses and shapes are those of the AWS client's
 * own serializers. Throws `ControlProblem`.
 */
export function operate(
  route: Route,
  request: WireRequest,
  context: OperationContext,
): OperationResult {
  const { meetings } = context;
  const meeting = () => meetings.get(route.meetingId);
  switch (route.operation) {
    case "CreateMeeting":
      return {
        status: 200,
        body: {
          Meeting: meetingBody(meetings.create(readBody(BODIES.meeting, request.body)), context),
        },
      };
    case "CreateMeetingWithAttendees":
      return createMeetingWithAttendees(request, context);
    case "GetMeeting":
      return { status: 200, body: { Meeting: meetingBody(meeting(), context) } };
    case "DeleteMeeting":
      meetings.end(meeting(), "deleted");
      return { status: 204 };
    case "CreateAttendee": {
      const asked = readBody(BODIES.attendee, request.body);
      return {
        status: 200,
        body: { Attendee: attendeeBody(meetings.addAttendee(meeting(), asked)) },
      };
    }
    case "BatchCreateAttendee": {
      const { Attendees } = readBody(BODIES.attendees, request.body);
      return { status: 200, body: addAttendees(meetings, meeting(), Attendees) };
    }
    case "ListAttendees":
      return listAttendees(meeting(), new URLSearchParams(request.query));
    case "GetAttendee": {
      const attendee = meetings.attendee(meeting(), route.attendeeId);
      return { status: 200, body: { Attendee: attendeeBody(attendee) } };
    }
    case "DeleteAttendee":
      meetings.deleteAttendee(meeting(), meetings.attendee(meeting(), route.attendeeId));
      return { status: 204 };
    case "UpdateAttendeeCapabilities": {
      const { Capabilities } = readBody(BODIES.capabilities, request.body);
      const attendee = meetings.attendee(meeting(), route.attendeeId);
      meetings.updateCapabilities(meeting(), attendee, Capabilities);
      return { status: 200, body: { Attendee: attendeeBody(attendee) } };
    }
    case "BatchUpdateAttendeeCapabilitiesExcept": {
      const asked = readBody(BODIES.capabilitiesExcept, request.body);
      const excepted = new Set(asked.ExcludedAttendeeIds.map((item) => item.AttendeeId));
      for (const attendee of meeting().attendees.values()) {
        if (excepted.has(attendee.attendeeId)) continue;
        meetings.updateCapabilities(meeting(), attendee, asked.Capabilities);
      }
      return { status: 200, body: {} };
    }
  }
}

function createMeetingWithAttendees(
  request: WireRequest,
  context: OperationContext,
): OperationResult {
  const { Attendees, ...asked } = readBody(BODIES.meetingWithAttendees, request.body);
  const meeting = context.meetings.create(asked);
  return {
    status: 200,
    body: {
      Meeting: meetingBody(meeting, context),
      ...addAttendees(context.meetings, meeting, Attendees),
    },
  };
}

/** Adds each; those that cannot be added come back in `Errors`, as in AWS's batch operations. */
function addAttendees(
  meetings: Meetings,
  meeting: Meeting,
  asked: readonly AttendeeRequest[],
): { Attendees: unknown[]; Errors: unknown[] } {
  const added: unknown[] = [];
  const errors: unknown[] = [];
  for (const one of asked) {
    try {
      added.push(attendeeBody(meetings.addAttendee(meeting, one)));
    } catch (problem) {
      if (!(problem instanceof ControlProblem)) throw problem;
      errors.push({
        ExternalUserId: one.ExternalUserId,
        ErrorCode: problem.code,
        ErrorMessage: problem.message,
      });
    }
  }
  return { Attendees: added, Errors: errors };
}

/** Join tokens are only handed out on creation, never listed. */
function listAttendees(meeting: Meeting, query: URLSearchParams): OperationResult {
  const most = Number(query.get("max-results") ?? "99");
  const from = Number(query.get("next-token") ?? "0");
  if (!Number.isInteger(most) || most < 1 || most > 99 || !Number.isInteger(from) || from < 0) {
    throw new ControlProblem("BadRequestException", "MaxResults is 1 to 99");
  }
  const all = [...meeting.attendees.values()];
  const page = all.slice(from, from + most).map((attendee) => attendeeBody(attendee));
  const rest = from + most < all.length ? { NextToken: String(from + most) } : {};
  return { status: 200, body: { Attendees: page, ...rest } };
}

function meetingBody(meeting: Meeting, { placement, region }: OperationContext): unknown {
  const { request, meetingId } = meeting;
  return {
    MeetingId: meetingId,
    MeetingHostId: request.MeetingHostId ?? null,
    ExternalMeetingId: request.ExternalMeetingId,
    MediaRegion: request.MediaRegion,
    MediaPlacement: placement(meetingId),
    MeetingFeatures: request.MeetingFeatures ?? null,
    PrimaryMeetingId: request.PrimaryMeetingId ?? null,
    TenantIds: request.TenantIds ?? [],
    MeetingArn: `arn:aws:chime:${region}:111122223333:meeting/${meetingId}`,
  };
}

function attendeeBody(attendee: Attendee): unknown {
  return {
    ExternalUserId: attendee.externalUserId,
    AttendeeId: attendee.attendeeId,
    JoinToken: attendee.joinToken,
    Capabilities: attendee.capabilities,
  };
}
