/** Operations of the control plane that the stand-in answers. */
export const OPERATIONS = [
  "CreateMeeting",
  "CreateMeetingWithAttendees",
  "GetMeeting",
  "DeleteMeeting",
  "CreateAttendee",
  "BatchCreateAttendee",
  "GetAttendee",
  "ListAttendees",
  "DeleteAttendee",
  "UpdateAttendeeCapabilities",
  "BatchUpdateAttendeeCapabilitiesExcept",
] as const;

/** Name of an operation as in AWS's API reference. */
export type Operation = typeof OPERATIONS[number];

/** An operation and the ids in its path. */
export interface Route {
  readonly operation: Operation;
  readonly meetingId: string;
  readonly attendeeId: string;
}

/** Method, path pattern and `operation` of the query, as the AWS client's serializers write them. */
const ROUTES: readonly (readonly [Operation, string, RegExp, string | null])[] = [
  ["CreateMeeting", "POST", /^\/meetings$/, null],
  ["CreateMeetingWithAttendees", "POST", /^\/meetings$/, "create-attendees"],
  ["GetMeeting", "GET", /^\/meetings\/([^/]+)$/, null],
  ["DeleteMeeting", "DELETE", /^\/meetings\/([^/]+)$/, null],
  ["CreateAttendee", "POST", /^\/meetings\/([^/]+)\/attendees$/, null],
  ["BatchCreateAttendee", "POST", /^\/meetings\/([^/]+)\/attendees$/, "batch-create"],
  ["ListAttendees", "GET", /^\/meetings\/([^/]+)\/attendees$/, null],
  [
    "BatchUpdateAttendeeCapabilitiesExcept",
    "PUT",
    /^\/meetings\/([^/]+)\/attendees\/capabilities$/,
    "batch-update-except",
  ],
  ["GetAttendee", "GET", /^\/meetings\/([^/]+)\/attendees\/([^/]+)$/, null],
  ["DeleteAttendee", "DELETE", /^\/meetings\/([^/]+)\/attendees\/([^/]+)$/, null],
  [
    "UpdateAttendeeCapabilities",
    "PUT",
    /^\/meetings\/([^/]+)\/attendees\/([^/]+)\/capabilities$/,
    null,
  ],
];

/** Finds the operation of a request; undefined where there is none. */
export function findRoute(method: string, path: string, query: string): Route | undefined {
  const wanted = new URLSearchParams(query).get("operation");
  for (const [operation, routeMethod, pattern, name] of ROUTES) {
    const found = method === routeMethod && name === wanted ? pattern.exec(path) : null;
    if (found === null) continue;
    return { operation, meetingId: found[1] ?? "", attendeeId: found[2] ?? "" };
  }
  return undefined;
}
