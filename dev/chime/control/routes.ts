const MEETING = "/meetings/:meetingId";
const ATTENDEES = `${MEETING}/attendees`;
const ATTENDEE = `${ATTENDEES}/:attendeeId`;

/** Method, path and `operation` of the query, as the AWS client's serializers write them. */
const ROUTES = {
  CreateMeeting: ["POST", "/meetings"],
  CreateMeetingWithAttendees: ["POST", "/meetings", "create-attendees"],
  GetMeeting: ["GET", MEETING],
  DeleteMeeting: ["DELETE", MEETING],
  CreateAttendee: ["POST", ATTENDEES],
  BatchCreateAttendee: ["POST", ATTENDEES, "batch-create"],
  ListAttendees: ["GET", ATTENDEES],
  BatchUpdateAttendeeCapabilitiesExcept: [
    "PUT",
    `${ATTENDEES}/capabilities`,
    "batch-update-except",
  ],
  GetAttendee: ["GET", ATTENDEE],
  DeleteAttendee: ["DELETE", ATTENDEE],
  UpdateAttendeeCapabilities: ["PUT", `${ATTENDEE}/capabilities`],
  StartMeetingTranscription: ["POST", `${MEETING}/transcription`, "start"],
  StopMeetingTranscription: ["POST", `${MEETING}/transcription`, "stop"],
  TagResource: ["POST", "/tags", "tag-resource"],
  UntagResource: ["POST", "/tags", "untag-resource"],
  ListTagsForResource: ["GET", "/tags"],
} as const satisfies Record<string, readonly [method: string, path: string, operation?: string]>;

/** Name of an operation as in AWS's API reference. */
export type Operation = keyof typeof ROUTES;
export const OPERATIONS = Object.keys(ROUTES) as [Operation, ...Operation[]];

/** An operation, and the ids in its path; an id that the path does not have is empty. */
export interface Route {
  readonly operation: Operation;
  readonly meetingId: string;
  readonly attendeeId: string;
}

/** Finds the operation of a request; undefined where there is none. */
export function findRoute(method: string, path: string, query: string): Route | undefined {
  const wanted = new URLSearchParams(query).get("operation") ?? undefined;
  for (const operation of OPERATIONS) {
    const [routeMethod, pattern, name] = ROUTES[operation];
    if (method !== routeMethod || name !== wanted) continue;
    const ids = new RegExp(`^${pattern.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`).exec(path);
    if (ids) return { operation, meetingId: "", attendeeId: "", ...ids.groups };
  }
  return undefined;
}
