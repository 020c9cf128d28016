import { admit, chimeProblem, visitProblem } from "./admission.ts";
import { problemResponse } from "./answer.ts";
import { sessionOf } from "./caller.ts";
import { isUuid } from "./input.ts";
import type { VisitStatus } from "./page/data.ts";
import { admissionPorts, type AppContext, joinRule, type Parts } from "./parts.ts";
import { decide } from "./policy.ts";
import type { Problem } from "../_shared/problem.ts";
import { err, ok, type Result } from "../_shared/result.ts";
import type { Visit } from "./visits.ts";

/** How often a waiting page asks; a patient's prepaid data pays each question. */
const POLL_SECONDS = 5;

/**
 * `POST …/join`: 200 `{meeting, attendee}`, fresh credentials after the waiting room or a dead
 * meeting. A person who has to wait gets `not-allowed`.
 */
export async function joinVisit(c: AppContext, parts: Parts): Promise<Response> {
  const asked = await sessionCaller(c);
  if (!asked.ok) return problemResponse(c, parts.settings, asked.error);
  const admitted = await admit(admissionPorts(parts), asked.value.id, asked.value.caller);
  if (!admitted.ok) return problemResponse(c, parts.settings, admitted.error.problem);
  const { visit, join } = admitted.value;
  note(c, visit);
  if (!join) return problemResponse(c, parts.settings, { name: "not-allowed", reason: "waiting" });
  c.get("notes").meetingId = join.meeting.MeetingId;
  return c.json(join);
}

/** `GET …/status`: what a waiting room needs; one database call, none to Chime. */
export async function visitStatus(c: AppContext, parts: Parts): Promise<Response> {
  const looked = await look(c, parts);
  if (!looked.ok) return problemResponse(c, parts.settings, looked.error);
  const visit = looked.value;
  const rule = joinRule(parts.settings);
  const now = parts.now();
  const problem = visitProblem(visit, now, rule);
  if (problem) return problemResponse(c, parts.settings, problem);
  const { kind } = decide(visit.appointment, visit.self.role, visit.providerIn, now, rule);
  const status: VisitStatus = {
    state: kind === "open" ? "open" : "waiting",
    present: visit.present,
    pollSeconds: POLL_SECONDS,
  };
  return c.json(status);
}

/**
 * `POST …/end`: 204; the meeting is over for everyone. For providers; Chime first, so that a failure
 * leaves nothing half-done: the row stays live and the call can be repeated.
 */
export async function endVisit(c: AppContext, parts: Parts): Promise<Response> {
  const looked = await look(c, parts);
  if (!looked.ok) return problemResponse(c, parts.settings, looked.error);
  const visit = looked.value;
  if (visit.self.role !== "provider") {
    return problemResponse(c, parts.settings, { name: "not-allowed", reason: "not-a-provider" });
  }
  const { meeting } = visit;
  if (!meeting) return c.body(null, 204);
  if (meeting.chime) {
    c.get("notes").meetingId = meeting.chime.MeetingId;
    const deleted = await parts.chime.deleteMeeting(meeting.chime.MeetingId);
    if (!deleted.ok) return problemResponse(c, parts.settings, chimeProblem(deleted.error));
  }
  const ended = await parts.visits.meetingEnded(meeting.id, visit.self.id, parts.now());
  return ended.ok ? c.body(null, 204) : problemResponse(c, parts.settings, ended.error);
}

/** The visit of a page's session, claiming nothing. */
async function look(c: AppContext, parts: Parts): Promise<Result<Visit, Problem>> {
  const asked = await sessionCaller(c);
  if (!asked.ok) return asked;
  const { id, caller } = asked.value;
  const opened = await parts.visits.open(id, caller, {
    now: parts.now(),
    rule: joinRule(parts.settings),
  });
  if (opened.ok) note(c, opened.value);
  return opened;
}

async function sessionCaller(c: AppContext) {
  const id = c.req.param("id") ?? "";
  if (!isUuid(id)) return err<Problem>({ name: "bad-request", reason: "malformed-id" });
  const session = await sessionOf(c.req.raw);
  return session.ok ? ok({ id, caller: { sessions: [session.value] } }) : session;
}

function note(c: AppContext, visit: Visit): void {
  Object.assign(c.get("notes"), {
    appointmentId: visit.appointment.id,
    participantId: visit.self.id,
    via: visit.via,
  });
}
