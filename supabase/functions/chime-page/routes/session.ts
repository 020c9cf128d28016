import { admit, chimeProblem, visitProblem } from "../visits/admission.ts";
import { deleteMeeting } from "../visits/meetings.ts";
import { problemResponse } from "../http/problem_response.ts";
import { sessionOf } from "../auth/credentials.ts";
import { isUuid } from "../http/validation.ts";
import type { VisitStatus } from "../contract/page_data.ts";
import { admissionPorts, type AppContext, joinRule, type Parts } from "../http/dependencies.ts";
import { decide } from "../visits/join_policy.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import type { Visit } from "../visits/repository.ts";

/** How often a waiting page asks; a patient's prepaid data pays each question. */
const POLL_SECONDS = 5;

/**
 * `POST …/join`: 200 `{meeting, attendee}`, fresh credentials after the waiting room or a dead
 * meeting. A person who has to wait gets `not-allowed`.
 */
export async function joinVisit(c: AppContext, parts: Parts): Promise<Response> {
  const ports = admissionPorts(parts, parts.newDeadline());
  const asked = await sessionCaller(c);
  if (!asked.ok) return problemResponse(c, parts.settings, asked.error);
  const admitted = await admit(ports, asked.value.id, asked.value.caller);
  if (!admitted.ok) return problemResponse(c, parts.settings, admitted.error.problem);
  const { visit, join } = admitted.value;
  note(c, visit);
  if (!join) return problemResponse(c, parts.settings, { name: "not-allowed", reason: "waiting" });
  c.get("notes").meetingId = join.meeting.MeetingId;
  return c.json(join);
}

/** `GET …/status`: what a waiting room needs; one database call, none to Chime. */
export async function visitStatus(c: AppContext, parts: Parts): Promise<Response> {
  const looked = await look(c, parts, parts.newDeadline());
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
 * `POST …/end`: 204; every meeting of the visit is over, for everyone. For providers. The database
 * first: from then on nobody is let into what is to be deleted, and whoever is on the way in finds
 * out. A failure at Chime is told, and the same call, or the next opening, finishes what was begun.
 */
export async function endVisit(c: AppContext, parts: Parts): Promise<Response> {
  const ports = admissionPorts(parts, parts.newDeadline());
  const looked = await look(c, parts, ports.deadline);
  if (!looked.ok) return problemResponse(c, parts.settings, looked.error);
  const { appointment, self } = looked.value;
  if (self.role !== "provider") {
    return problemResponse(c, parts.settings, { name: "not-allowed", reason: "not-a-provider" });
  }
  const ended = await parts.visits.endVisit(
    appointment.id,
    self.id,
    parts.now(),
    ports.deadline,
  );
  if (!ended.ok) return problemResponse(c, parts.settings, ended.error);
  const deletions = await Promise.all(ended.value.map((one) => deleteMeeting(ports, one)));
  const failed = deletions.find((one) => !one.ok);
  return failed && !failed.ok
    ? problemResponse(c, parts.settings, chimeProblem(failed.error))
    : c.body(null, 204);
}

/** The visit of a page's session, claiming nothing. */
async function look(
  c: AppContext,
  parts: Parts,
  deadline: Deadline,
): Promise<Result<Visit, Problem>> {
  const asked = await sessionCaller(c);
  if (!asked.ok) return asked;
  const { id, caller } = asked.value;
  const opened = await parts.visits.open(id, caller, {
    now: parts.now(),
    deadline,
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
