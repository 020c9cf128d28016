import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import type { JoinInfo } from "../contract/page_data.ts";
import { decide, type JoinRule } from "./join_policy.ts";
import {
  deleteLater,
  isInvalidRequest,
  join,
  type JoinFailure,
  type MeetingDependencies,
} from "./meetings.ts";
import type { Credentials, Meeting, Visit } from "./visit.ts";

/** Dependencies of {@link admit}. */
export interface AdmissionDependencies extends MeetingDependencies {
  /** Creates a ClientRequestToken: 2-64 characters of `-_a-zA-Z0-9`. */
  readonly newRequestToken: () => string;
  readonly rule: JoinRule;
}

/** A person admitted to the call, or to the waiting room if `join` is null. */
export interface AdmittedVisit {
  readonly visit: Visit;
  readonly join: JoinInfo | null;
}

/**
 * Why a person is not admitted. If the database identified them, `visit` contains their new session,
 * so that they can reload later without a new link.
 */
export interface Refusal {
  readonly problem: Problem;
  readonly visit?: Visit;
}

/** How many meetings a request tries if each of them turns out to have ended. */
const MAX_ATTEMPTS = 3;

/**
 * Admits a person to the meeting of an appointment, creating it if they are the first.
 *
 * The request token is stored before Chime is called, so concurrent requests, and retries after a
 * crash, repeat the same call and get the same meeting. A meeting that no longer exists at Chime
 * (Chime ends it after 5 minutes without audio) is replaced. If a meeting is ended while the person
 * is joining, the visit is opened again. Ended meetings that earlier requests did not delete are
 * deleted after the response.
 * @param newSessionHash hash of a session to create for the page
 */
export async function admit(
  dependencies: AdmissionDependencies,
  appointmentId: string,
  caller: Credentials,
  newSessionHash?: string,
): Promise<Result<AdmittedVisit, Refusal>> {
  const first = await open(dependencies, appointmentId, caller, newSessionHash);
  if (!first.ok) return first;
  const { via } = first.value.visit;
  // Use the session that the first call created or found. Passing it as the new session again marks
  // this as the same request; a link counts as used only once its page calls the API.
  const hash = first.value.visit.sessionHash ?? newSessionHash;
  const returning = hash ? { sessions: [{ hash }] } : caller;

  let opened = first.value;
  for (let attempt = 1;; attempt++) {
    const { meeting } = opened;
    const visit = { ...opened.visit, via };
    if (meeting === null) return ok({ visit, join: null });
    const joined = await join(dependencies, meeting, visit.self.id);
    if (joined.ok) return ok({ visit, join: joined.value });
    const { kind } = joined.error;
    if ((kind !== "not-found" && kind !== "gone") || attempt === MAX_ATTEMPTS) {
      return err({ problem: joinProblem(dependencies, meeting, joined.error), visit });
    }
    const retire = kind === "not-found" ? meeting.id : undefined;
    const next = await open(dependencies, appointmentId, returning, newSessionHash, retire);
    if (!next.ok) return next;
    opened = next.value;
  }
}

/** Opens the visit. The meeting is null if the person has to wait. */
async function open(
  dependencies: AdmissionDependencies,
  appointmentId: string,
  caller: Credentials,
  newSessionHash: string | undefined,
  retire?: string,
): Promise<Result<{ visit: Visit; meeting: Meeting | null }, Refusal>> {
  const now = dependencies.now();
  const opened = await dependencies.visits.open(appointmentId, caller, {
    now,
    deadline: dependencies.deadline,
    rule: dependencies.rule,
    claim: dependencies.newRequestToken(),
    mediaRegion: dependencies.mediaRegion,
    ...(newSessionHash ? { newSessionHash } : {}),
    ...(retire ? { retire } : {}),
  });
  if (!opened.ok) return err({ problem: opened.error });
  const visit = opened.value;
  deleteLater(dependencies, visit.toDelete);
  const problem = visitProblem(visit, now, dependencies.rule);
  if (problem) return err({ problem, visit });
  const { kind } = decide(
    visit.appointment,
    visit.self.role,
    visit.providerIn,
    now,
    dependencies.rule,
  );
  if (kind === "waiting") return ok({ visit, meeting: null });
  return visit.meeting
    ? ok({ visit, meeting: visit.meeting })
    : err({ problem: { name: "upstream-unavailable", reason: "claim-missing" }, visit });
}

/** Why nobody can join a visit at this time; undefined if the person can join or wait. */
export function visitProblem(visit: Visit, now: Date, rule: JoinRule): Problem | undefined {
  const decision = decide(visit.appointment, visit.self.role, visit.providerIn, now, rule);
  switch (decision.kind) {
    case "open":
    case "waiting":
      return undefined;
    case "too-early":
      return {
        name: "too-early",
        opensAt: decision.opensAt,
        retryAfterSeconds: Math.ceil((decision.opensAt.getTime() - now.getTime()) / 1000),
      };
    case "over":
      return { name: "visit-over" };
    case "cancelled":
      return { name: "visit-cancelled" };
    case "video-disabled":
      return { name: "video-disabled" };
  }
}

/**
 * Converts a failure to join. If Chime rejects the appointment's own region, the clinic has to correct
 * it, and the claimed meeting is given up so that the next one uses the corrected region.
 */
function joinProblem(
  dependencies: AdmissionDependencies,
  meeting: Meeting,
  failure: JoinFailure,
): Problem {
  if (
    isInvalidRequest(failure) &&
    (meeting.mediaRegion ?? dependencies.mediaRegion) !== dependencies.mediaRegion
  ) {
    dependencies.background(dependencies.visits.meetingRefused(meeting.id, dependencies.now()));
    return {
      name: "visit-misconfigured",
      columns: ["appointments.media_region"],
      reason: failure.code,
    };
  }
  return chimeProblem(failure);
}

/** Converts a failure of Chime to a problem. */
export function chimeProblem(failure: JoinFailure): Problem {
  switch (failure.kind) {
    case "busy":
    case "gone":
      return { name: "busy", retryAfterSeconds: 5, reason: failure.code };
    case "refused":
      // The AWS key or the request is wrong, which an operator must fix.
      return { name: "misconfigured", reason: failure.code, settings: ["AWS_ACCESS_KEY_ID"] };
    case "not-found":
    case "unavailable":
      return { name: "upstream-unavailable", reason: failure.code };
  }
}
