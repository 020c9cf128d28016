/**
 * Everything that can go wrong on the wire, as one union (RFC 9457). A problem's name is its
 * identity: status, texts and next step hang on it. `reason` is for the log alone and is a short
 * code of our own, never an upstream message.
 */
export type Problem =
  & {
    readonly reason?: string;
    /** Settings at fault, by name; for the log alone. */
    readonly settings?: readonly string[];
  }
  & (
    | { readonly name: PlainProblemName }
    | { readonly name: "too-early"; readonly opensAt: Date; readonly retryAfterSeconds: number }
    | { readonly name: "busy" | "rate-limited"; readonly retryAfterSeconds: number }
    | { readonly name: "method-not-allowed"; readonly allow: readonly string[] }
    /** Columns of the views at fault, such as `appointments.status`; for the log alone. */
    | { readonly name: "visit-misconfigured"; readonly columns: readonly string[] }
  );

type PlainProblemName =
  | "unauthenticated"
  | "pass-spent"
  | "pass-expired"
  | "visit-not-found"
  | "visit-over"
  | "visit-cancelled"
  | "video-disabled"
  | "not-allowed"
  | "upstream-unavailable"
  | "misconfigured"
  | "bad-request"
  | "payload-too-large"
  | "not-prefetched"
  | "browser-too-old";

/** Every problem's name, which ends its `type` URI. */
export type ProblemName = Problem["name"];

const STATUS = {
  "bad-request": 400,
  "unauthenticated": 401,
  "not-allowed": 403,
  "too-early": 403,
  "browser-too-old": 403,
  // Strangers get it too: whether an appointment exists is not disclosed.
  "visit-not-found": 404,
  "method-not-allowed": 405,
  "video-disabled": 409,
  "pass-spent": 410,
  "pass-expired": 410,
  "visit-over": 410,
  "visit-cancelled": 410,
  "payload-too-large": 413,
  "rate-limited": 429,
  "misconfigured": 500,
  "visit-misconfigured": 500,
  "upstream-unavailable": 502,
  "busy": 503,
  // A browser drops a failed prefetch and asks again when the person really goes there.
  "not-prefetched": 503,
} as const satisfies Readonly<Record<ProblemName, number>>;

/** All problem names, for tests and tables. */
export const PROBLEM_NAMES = Object.keys(STATUS) as readonly ProblemName[];

/** HTTP status of a problem. */
export function problemStatus(name: ProblemName) {
  return STATUS[name];
}

/** The stable URI of a problem (RFC 9457, section 3.1.1). It names, and is not fetched. */
export function problemType(name: ProblemName): string {
  return `urn:chime-page:problem:${name}`;
}

/** Until a database, an Auth server or Chime that did not answer may do so again. */
const UPSTREAM_PAUSE_SECONDS = 5;

/** Seconds after which it is worth asking again; undefined where time alone does not help. */
export function retryAfterSeconds(problem: Problem): number | undefined {
  switch (problem.name) {
    case "too-early":
    case "busy":
    case "rate-limited":
      return problem.retryAfterSeconds;
    case "upstream-unavailable":
      return UPSTREAM_PAUSE_SECONDS;
    default:
      return undefined;
  }
}

/** Headers that belong to a problem by HTTP's own rules (RFC 9110). */
export function problemHeaders(problem: Problem): Record<string, string> {
  const seconds = retryAfterSeconds(problem);
  return {
    ...(seconds === undefined ? {} : { "Retry-After": String(seconds) }),
    ...(problem.name === "unauthenticated"
      ? { "WWW-Authenticate": 'Bearer realm="chime-page"' }
      : {}),
    ...(problem.name === "method-not-allowed" ? { "Allow": problem.allow.join(", ") } : {}),
  };
}
