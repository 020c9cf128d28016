import type { Chime, ChimeFailure } from "../_shared/chime.ts";
import type { Problem } from "../_shared/problem.ts";
import { err, ok, type Result } from "../_shared/result.ts";
import type { JoinInfo } from "./page/data.ts";
import { decide, type JoinRule } from "./policy.ts";
import type { Credentials, LiveMeeting, Visit, Visits } from "./visits.ts";

/** What admission needs from the world. */
export interface AdmissionPorts {
  readonly visits: Visits;
  readonly chime: Chime;
  readonly now: () => Date;
  /** A fresh ClientRequestToken: 2-64 of `-_a-zA-Z0-9`. */
  readonly newRequestToken: () => string;
  readonly rule: JoinRule;
  readonly mediaRegion: string;
}

/** A person who was let into the visit: at once, or into the waiting room (`join` is null). */
export interface Admission {
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

/**
 * Lets a person into the meeting of an appointment, creating it if they are the first.
 *
 * The request token is stored before Chime is called, so whoever comes at the same time, or after a
 * crash, repeats the same call and gets the same meeting. A meeting that Chime no longer knows
 * (it ends by itself after 5 minutes without sound) is retired and replaced, once.
 */
export async function admit(
  ports: AdmissionPorts,
  appointmentId: string,
  caller: Credentials,
  newSessionHash?: string,
): Promise<Result<Admission, Refusal>> {
  const first = await open(ports, appointmentId, caller, newSessionHash);
  if (!first.ok || first.value.meeting === null) return withoutMeeting(first);
  const joined = await join(ports, first.value.visit, first.value.meeting);
  if (joined.ok) return ok({ visit: first.value.visit, join: joined.value });
  if (joined.error.kind !== "not-found") {
    return err({ problem: chimeProblem(joined.error), visit: first.value.visit });
  }

  // By the session that the first call began or found. Naming it as new, too, says that this is still
  // the same request: the link counts as used only when a page speaks.
  const hash = first.value.visit.sessionHash ?? newSessionHash;
  const returning = hash ? { sessions: [{ hash }] } : caller;
  const second = await open(
    ports,
    appointmentId,
    returning,
    newSessionHash,
    first.value.meeting.id,
  );
  if (!second.ok || second.value.meeting === null) return withoutMeeting(second);
  const visit = { ...second.value.visit, via: first.value.visit.via };
  const rejoined = await join(ports, visit, second.value.meeting);
  if (rejoined.ok) return ok({ visit, join: rejoined.value });
  return err({ problem: chimeProblem(rejoined.error), visit });
}

/** The visit as it is now, and the meeting if the house rule lets this person in. */
async function open(
  ports: AdmissionPorts,
  appointmentId: string,
  caller: Credentials,
  newSessionHash: string | undefined,
  retire?: string,
): Promise<Result<{ visit: Visit; meeting: LiveMeeting | null }, Refusal>> {
  const now = ports.now();
  const opened = await ports.visits.open(appointmentId, caller, {
    now,
    rule: ports.rule,
    claim: ports.newRequestToken(),
    ...(newSessionHash ? { newSessionHash } : {}),
    ...(retire ? { retire } : {}),
  });
  if (!opened.ok) return err({ problem: opened.error });
  const visit = opened.value;
  const problem = visitProblem(visit, now, ports.rule);
  if (problem) return err({ problem, visit });
  const { kind } = decide(visit.appointment, visit.self.role, visit.providerIn, now, ports.rule);
  if (kind === "waiting") return ok({ visit, meeting: null });
  return visit.meeting
    ? ok({ visit, meeting: visit.meeting })
    : err({ problem: { name: "upstream-unavailable", reason: "claim-missing" }, visit });
}

function withoutMeeting(
  opened: Result<{ visit: Visit }, Refusal>,
): Result<Admission, Refusal> {
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

/** Creates what is missing: the meeting if no one did yet, and this person's attendee. */
async function join(
  ports: AdmissionPorts,
  visit: Visit,
  meeting: LiveMeeting,
): Promise<Result<JoinInfo, ChimeFailure>> {
  const region = visit.appointment.mediaRegion ?? ports.mediaRegion;
  const chimeMeeting = meeting.chime ? ok(meeting.chime) : await ports.chime.createMeeting({
    requestToken: meeting.requestToken,
    // Nothing personal: the row's own id.
    externalMeetingId: meeting.id,
    mediaRegion: region,
  });
  if (!chimeMeeting.ok) return chimeMeeting;
  // Not stored is no reason to turn the person away: the next one repeats the same token.
  const [attendee] = await Promise.all([
    ports.chime.createAttendee(chimeMeeting.value.MeetingId, visit.self.id),
    meeting.chime ? null : ports.visits.meetingCreated(meeting.id, chimeMeeting.value, ports.now()),
  ]);
  if (!attendee.ok) return attendee;
  return ok({ meeting: chimeMeeting.value, attendee: attendee.value });
}

/** What a person is told about Chime's refusal. */
export function chimeProblem(failure: ChimeFailure): Problem {
  switch (failure.kind) {
    case "busy":
      return { name: "busy", retryAfterSeconds: 5, reason: failure.code };
    case "refused":
      // Our key or our request is wrong: an operator must act.
      return { name: "misconfigured", reason: failure.code, settings: ["AWS_ACCESS_KEY_ID"] };
    case "not-found":
    case "unavailable":
      return { name: "upstream-unavailable", reason: failure.code };
  }
}
