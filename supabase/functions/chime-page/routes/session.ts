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
import { isPageId } from "../http/validation.ts";
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
  const admitted = await admit(needed, appointmentIdOf(c), sessionCaller(c));
  if (!admitted.ok) return refuse(admitted.error.problem);
  const { visit, join } = admitted.value;
  noteVisit(c, visit);
  if (!join) return refuse({ name: "not-allowed", reason: "waiting" });
  c.get("notes").meetingId = join.meeting.MeetingId;
  return c.json(join);
}

/**
 * `GET …/status`: the status for the lobby and the waiting room. With `page`, a random id of the page,
 * the person counts as present; `ready=true` says that they have tapped Join. Makes one database call
 * and none to Chime.
 */
export async function visitStatus(c: AppContext, dependencies: Dependencies): Promise<Response> {
  const { visits, settings } = dependencies;
  const { hash } = unwrap(sessionOf(c.req.raw));
  const page = c.req.query("page") ?? null;
  if (page !== null && !isPageId(page)) refuse({ name: "bad-request", reason: "page-id" });
  const rule = joinRule(settings);
  const now = dependencies.now();
  const asking = { sessionHash: hash, page, ready: c.req.query("ready") === "true" };
  const options = { now, rule, deadline: dependencies.newDeadline() };
  const visit = unwrap(await visits.status(appointmentIdOf(c), asking, options));
  noteVisit(c, visit);
  const problem = visitProblem(visit, now, rule);
  if (problem) refuse(problem);
  const { kind } = decide(visit.appointment, visit.self.role, visit.providerIn, now, rule);
  const status: VisitStatus = {
    state: kind === "open" ? "open" : "waiting",
    present: visit.present,
    pollSeconds: POLL_SECONDS,
    ...(visit.heard && { heard: visit.heard }),
    ...(visit.unlisted.length > 0 && { people: visit.unlisted }),
    ...(visit.ended !== undefined && {
      // A provider may always open the visit again.
      ended: visit.ended && visit.self.role !== "provider",
    }),
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
  const caller = sessionCaller(c);
  const options = { now: now(), deadline, rule: joinRule(settings) };
  const visit = unwrap(await visits.open(appointmentIdOf(c), caller, options));
  noteVisit(c, visit);
  return visit;
}

function sessionCaller(c: AppContext) {
  return { sessions: [unwrap(sessionOf(c.req.raw))] };
}
