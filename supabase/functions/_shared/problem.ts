/**
 * Everything a request can fail with (RFC 9457). The name determines the HTTP status and the texts.
 */
export type Problem =
  & {
    /** A short code for the log only, never an upstream message. */
    readonly reason?: string;
    /** Names of invalid settings, for the log only. */
    readonly settings?: readonly string[];
  }
  & (
    | { readonly name: PlainProblemName }
    | { readonly name: "too-early"; readonly opensAt: Date; readonly retryAfterSeconds: number }
    | { readonly name: "busy" | "rate-limited"; readonly retryAfterSeconds: number }
    | { readonly name: "method-not-allowed"; readonly allow: readonly string[] }
    /** Columns with invalid values, such as `appointments.status`, for the log only. */
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

/** Name of a problem; the last part of its `type` URI. */
export type ProblemName = Problem["name"];

const STATUS = {
  "bad-request": 400,
  "unauthenticated": 401,
  "not-allowed": 403,
  "too-early": 403,
  "browser-too-old": 403,
  // Also for people who do not belong to the visit, so as not to disclose that it exists.
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
  // A browser discards a failed prefetch and requests the page again on navigation.
  "not-prefetched": 503,
} as const satisfies Readonly<Record<ProblemName, number>>;

/** The names of all problems. */
export const PROBLEM_NAMES = Object.keys(STATUS) as readonly ProblemName[];

/** HTTP status of a problem. */
export function problemStatus(name: ProblemName) {
  return STATUS[name];
}

/** The `type` URI of a problem (RFC 9457, section 3.1.1). It is an identifier, not a locator. */
export function problemType(name: ProblemName): string {
  return `urn:chime-page:problem:${name}`;
}

/** When to retry after the database, the Auth server or Chime failed. */
const UPSTREAM_RETRY_SECONDS = 5;

/** Seconds after which a retry may succeed; undefined if waiting alone does not help. */
export function retryAfterSeconds(problem: Problem): number | undefined {
  switch (problem.name) {
    case "too-early":
    case "busy":
    case "rate-limited":
      return problem.retryAfterSeconds;
    case "upstream-unavailable":
      return UPSTREAM_RETRY_SECONDS;
    default:
      return undefined;
  }
}

/** Headers that HTTP requires or allows for a problem's status (RFC 9110). */
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
