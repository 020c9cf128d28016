import type { Deadline } from "../../_shared/deadline.ts";
import { sessionOf } from "../auth/credentials.ts";
import type { VisitStatus } from "../contract/page_data.ts";
import {
  admissionDependencies,
  type AppContext,
  appointmentIdOf,
  type Dependencies,
  joinRule,
  noteVisit,
} from "../http/dependencies.ts";
import { refuse, unwrap } from "../http/error_edge.ts";
import { admit, chimeProblem, visitProblem } from "../visits/admission.ts";
import { decide } from "../visits/join_policy.ts";
import { deleteMeeting } from "../visits/meetings.ts";
import type { Visit } from "../visits/visit.ts";

/** How often a waiting page polls. Each request uses up some of the patient's prepaid data. */
const POLL_SECONDS = 5;

/**
 * `POST …/join`: returns new Chime credentials, `{meeting, attendee}`, after the waiting room or when
 * the previous meeting has ended. If the person has to wait, the problem is `not-allowed`.
 */
export async function joinVisit(c: AppContext, dependencies: Dependencies): Promise<Response> {
  const needed = admissionDependencies(dependencies, dependencies.newDeadline());
  const admitted = await admit(needed, appointmentIdOf(c), await sessionCaller(c));
  if (!admitted.ok) return refuse(admitted.error.problem);
  const { visit, join } = admitted.value;
  noteVisit(c, visit);
  if (!join) return refuse({ name: "not-allowed", reason: "waiting" });
  c.get("notes").meetingId = join.meeting.MeetingId;
  return c.json(join);
}

/** `GET …/status`: the status for the waiting room. Makes one database call and none to Chime. */
export async function visitStatus(c: AppContext, dependencies: Dependencies): Promise<Response> {
  const visit = await openForSession(c, dependencies, dependencies.newDeadline());
  const rule = joinRule(dependencies.settings);
  const now = dependencies.now();
  const problem = visitProblem(visit, now, rule);
  if (problem) refuse(problem);
  const { kind } = decide(visit.appointment, visit.self.role, visit.providerIn, now, rule);
  const status: VisitStatus = {
    state: kind === "open" ? "open" : "waiting",
    present: visit.present,
    pollSeconds: POLL_SECONDS,
  };
  return c.json(status);
}

/**
 * `POST …/end`: ends all meetings of the visit for everyone. Providers only. Returns 204.
 *
 * The database is updated first, so nobody is admitted to a meeting that is about to be deleted. If
 * deleting a meeting at Chime fails, the request fails; repeating it, or the next opening of the
 * visit, deletes what is left.
 */
export async function endVisit(c: AppContext, dependencies: Dependencies): Promise<Response> {
  const needed = admissionDependencies(dependencies, dependencies.newDeadline());
  const { appointment, self } = await openForSession(c, dependencies, needed.deadline);
  if (self.role !== "provider") refuse({ name: "not-allowed", reason: "not-a-provider" });
  const ended = unwrap(
    await needed.visits.endVisit(appointment.id, self.id, needed.now(), needed.deadline),
  );
  for (const deletion of await Promise.all(ended.map((one) => deleteMeeting(needed, one)))) {
    if (!deletion.ok) refuse(chimeProblem(deletion.error));
  }
  return c.body(null, 204);
}

/** Opens the visit of the page's session without claiming a meeting. */
async function openForSession(
  c: AppContext,
  { visits, now, settings }: Dependencies,
  deadline: Deadline,
): Promise<Visit> {
  const caller = await sessionCaller(c);
  const options = { now: now(), deadline, rule: joinRule(settings) };
  const visit = unwrap(await visits.open(appointmentIdOf(c), caller, options));
  noteVisit(c, visit);
  return visit;
}

async function sessionCaller(c: AppContext) {
  return { sessions: [unwrap(await sessionOf(c.req.raw))] };
}
