import type { Attendee, Meeting, Meetings } from "../meetings.ts";
import type { Placement } from "../placement.ts";
import type { WireRequest } from "../server.ts";
import { ControlProblem } from "./problem.ts";
import { type AttendeeRequest, BODIES, readBody } from "./requests.ts";
import type { Route } from "./routes.ts";

export interface OperationContext {
  readonly meetings: Meetings;
  readonly placement: Placement;
  readonly region: string;
}

/**
 * Carries out one operation of the control plane. Returns the body of the response, which has the
 * shape of the AWS client's own serializers, or undefined for a 204. Throws `ControlProblem`.
 */
export function operate(route: Route, request: WireRequest, context: OperationContext): unknown {
  const { meetings } = context;
  const meeting = () => meetings.get(route.meetingId);
  switch (route.operation) {
    case "CreateMeeting": {
      const created = meetings.create(readBody(BODIES.meeting, request.body));
      return { Meeting: meetingBody(created, context) };
    }
    case "CreateMeetingWithAttendees": {
      const { Attendees, ...asked } = readBody(BODIES.meetingWithAttendees, request.body);
      const created = meetings.create(asked);
      return {
        Meeting: meetingBody(created, context),
        ...addAttendees(meetings, created, Attendees),
      };
    }
    case "GetMeeting":
      return { Meeting: meetingBody(meeting(), context) };
    case "DeleteMeeting":
      return meetings.end(meeting(), "deleted");
    case "CreateAttendee": {
      const asked = readBody(BODIES.attendee, request.body);
      return { Attendee: attendeeBody(meetings.addAttendee(meeting(), asked)) };
    }
    case "BatchCreateAttendee": {
      const { Attendees } = readBody(BODIES.attendees, request.body);
      return addAttendees(meetings, meeting(), Attendees);
    }
    case "ListAttendees":
      return listAttendees(meeting(), new URLSearchParams(request.query));
    case "GetAttendee":
      return { Attendee: attendeeBody(meetings.attendee(meeting(), route.attendeeId)) };
    case "DeleteAttendee":
      return meetings.deleteAttendee(meeting(), meetings.attendee(meeting(), route.attendeeId));
    case "UpdateAttendeeCapabilities": {
      const { Capabilities } = readBody(BODIES.capabilities, request.body);
      const attendee = meetings.attendee(meeting(), route.attendeeId);
      meetings.updateCapabilities(meeting(), attendee, Capabilities);
      return { Attendee: attendeeBody(attendee) };
    }
    case "BatchUpdateAttendeeCapabilitiesExcept": {
      const asked = readBody(BODIES.capabilitiesExcept, request.body);
      const excepted = new Set(asked.ExcludedAttendeeIds.map((item) => item.AttendeeId));
      for (const attendee of meeting().attendees.values()) {
        if (excepted.has(attendee.attendeeId)) continue;
        meetings.updateCapabilities(meeting(), attendee, asked.Capabilities);
      }
      return {};
    }
    case "StartMeetingTranscription": {
      const asked = readBody(BODIES.transcription, request.body);
      meetings.transcribe(meeting(), asked.TranscriptionConfiguration);
      return {};
    }
    case "StopMeetingTranscription":
      meetings.transcribe(meeting(), undefined);
      return {};
    case "TagResource": {
      const { ResourceARN, Tags } = readBody(BODIES.tag, request.body);
      return meetings.tag(taggedMeeting(ResourceARN, context), Tags);
    }
    case "UntagResource": {
      const { ResourceARN, TagKeys } = readBody(BODIES.untag, request.body);
      return meetings.untag(taggedMeeting(ResourceARN, context), TagKeys);
    }
    case "ListTagsForResource": {
      const arn = new URLSearchParams(request.query).get("arn") ?? "";
      const { tags } = taggedMeeting(arn, context);
      return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    }
  }
}

/** The meeting with this ARN. Throws `ResourceNotFoundException`, as AWS does for tags. */
function taggedMeeting(arn: string, { meetings, region }: OperationContext): Meeting {
  const found = meetings.all().find(({ meetingId }) => meetingArn(region, meetingId) === arn);
  if (found && meetings.find(found.meetingId)) return found;
  throw new ControlProblem("ResourceNotFoundException", "The resource was not found");
}

function meetingArn(region: string, meetingId: string): string {
  return `arn:aws:chime:${region}:111122223333:meeting/${meetingId}`;
}

/** Adds each; those that cannot be added come back in `Errors`, as in AWS's batch operations. */
function addAttendees(meetings: Meetings, meeting: Meeting, asked: readonly AttendeeRequest[]) {
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

function listAttendees(meeting: Meeting, query: URLSearchParams) {
  const most = Number(query.get("max-results") ?? "99");
  const from = Number(query.get("next-token") ?? "0");
  if (!Number.isInteger(most) || most < 1 || most > 99 || !Number.isInteger(from) || from < 0) {
    throw new ControlProblem("BadRequestException", "MaxResults is 1 to 99");
  }
  const all = [...meeting.attendees.values()];
  const rest = from + most < all.length ? { NextToken: String(from + most) } : {};
  return { Attendees: all.slice(from, from + most).map(attendeeBody), ...rest };
}

function meetingBody(meeting: Meeting, { placement, region }: OperationContext) {
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
    MeetingArn: meetingArn(region, meetingId),
  };
}

function attendeeBody(attendee: Attendee) {
  return {
    ExternalUserId: attendee.externalUserId,
    AttendeeId: attendee.attendeeId,
    JoinToken: attendee.joinToken,
    Capabilities: attendee.capabilities,
  };
}
