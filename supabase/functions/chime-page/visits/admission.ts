import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import {
  deleteLater,
  isBadOrder,
  join,
  type JoinFailure,
  type MeetingDependencies,
} from "./meetings.ts";
import type { JoinInfo } from "../contract/page_data.ts";
import { decide, type JoinRule } from "./join_policy.ts";
import type { Credentials, Meeting, Visit } from "./repository.ts";

/** What admission needs from the world. */
export interface AdmissionDependencies extends MeetingDependencies {
  /** A fresh ClientRequestToken: 2-64 of `-_a-zA-Z0-9`. */
  readonly newRequestToken: () => string;
  readonly rule: JoinRule;
}

/** A person who was let into the visit: at once, or into the waiting room (`join` is null). */
export interface AdmittedVisit {
  readonly visit: Visit;
  readonly join: JoinInfo | null;
}

/**
 * A refusal of a person whom the database knows: the session that was begun goes along, so that a
 * reload after the problem is over needs no new pass.
 */
export interface Refusal {
  readonly problem: Problem;
  readonly visit?: Visit;
}

/** How often a person is given another meeting in one request because theirs was over. */
const ROUNDS = 3;

/**
 * Lets a person into the meeting of an appointment, creating it if they are the first.
 *
 * The request token is stored before Chime is called, so whoever comes at the same time, or after a
 * crash, repeats the same call and gets the same meeting. A meeting that Chime no longer knows (it
 * ends by itself after 5 minutes without sound) is retired and replaced; one that was ended while
 * the person came in is left for what the visit is now. What earlier requests left half-ended is
 * deleted after the answer.
 */
export async function admit(
  dependencies: AdmissionDependencies,
  appointmentId: string,
  caller: Credentials,
  newSessionHash?: string,
): Promise<Result<AdmittedVisit, Refusal>> {
  const first = await open(dependencies, appointmentId, caller, newSessionHash);
  if (!first.ok || first.value.meeting === null) return withoutMeeting(first);
  const { via } = first.value.visit;
  // By the session that the first call began or found. Naming it as new, too, says that this is still
  // the same request: the link counts as used only when a page speaks.
  const hash = first.value.visit.sessionHash ?? newSessionHash;
  const returning = hash ? { sessions: [{ hash }] } : caller;

  let opened = first.value;
  for (let round = 1;; round++) {
    const { meeting } = opened;
    const visit = { ...opened.visit, via };
    if (meeting === null) return ok({ visit, join: null });
    const joined = await join(dependencies, meeting, visit.self.id);
    if (joined.ok) return ok({ visit, join: joined.value });
    const { kind } = joined.error;
    if ((kind !== "not-found" && kind !== "gone") || round === ROUNDS) {
      return err({ problem: joinProblem(dependencies, meeting, joined.error), visit });
    }
    const retire = kind === "not-found" ? meeting.id : undefined;
    const next = await open(dependencies, appointmentId, returning, newSessionHash, retire);
    if (!next.ok) return next;
    opened = next.value;
  }
}

/** The visit as it is now, and the meeting if the house rule lets this person in. */
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

function withoutMeeting(
  opened: Result<{ visit: Visit }, Refusal>,
): Result<AdmittedVisit, Refusal> {
  return opened.ok ? ok({ visit: opened.value.visit, join: null }) : opened;
}

/** Why a visit can't be entered by anyone at this time; undefined if it can, or be waited for. */
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
 * Why a person has no place. A visit whose own region Chime does not know is the clinic's to set
 * right; its claim is given up, so that the next one is made by what the visit says then.
 */
function joinProblem(
  dependencies: AdmissionDependencies,
  meeting: Meeting,
  failure: JoinFailure,
): Problem {
  if (
    isBadOrder(failure) &&
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

/** What a person is told about Chime's refusal. */
export function chimeProblem(failure: JoinFailure): Problem {
  switch (failure.kind) {
    case "busy":
    case "gone":
      return { name: "busy", retryAfterSeconds: 5, reason: failure.code };
    case "refused":
      // Our key or our request is wrong: an operator must act.
      return { name: "misconfigured", reason: failure.code, settings: ["AWS_ACCESS_KEY_ID"] };
    case "not-found":
    case "unavailable":
      return { name: "upstream-unavailable", reason: failure.code };
  }
}
