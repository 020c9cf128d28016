import * as z from "zod/mini";
import type { Deadline } from "../../_shared/deadline.ts";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import type { Rpc } from "../../_shared/supabase.ts";
import {
  created,
  done,
  ended,
  found,
  kept,
  meetingOf,
  refusal,
  refusalProblem,
  stored,
  visitOf,
} from "./database_answers.ts";
import type { JoinRule } from "./join_policy.ts";
import type { Credentials, Visit } from "./visit.ts";
import type { OpenOptions, Visits } from "./visits.ts";

/** Accesses visits through the database functions `chime_page_*`, whose results are validated. */
export function createVisits(rpc: Rpc): Visits {
  return {
    open: async (appointmentId, who, options) => {
      const args = openArguments(appointmentId, who, options);
      const answer = await call(rpc, "chime_page_open", args, found, options.deadline);
      return answer.ok ? ok(await keepSession(rpc, visitOf(answer.value), options)) : answer;
    },
    status: async (appointmentId, { sessionHash, page, ready }, { now, rule, deadline }) => {
      const answer = await call(
        rpc,
        "chime_page_status",
        {
          p_appointment: appointmentId,
          p_now: now.toISOString(),
          p_session: sessionHash,
          p_page: page,
          p_ready: ready,
          ...ruleArguments(rule),
        },
        found,
        deadline,
      );
      return answer.ok ? ok(visitOf(answer.value)) : answer;
    },
    leave: (appointmentId, sessionHash, page, now) =>
      command(rpc, "chime_page_leave", {
        p_appointment: appointmentId,
        p_session: sessionHash,
        p_page: page,
        p_now: now.toISOString(),
      }),
    meetingCreated: async (id, meeting, now) => {
      const args = { p_meeting: id, p_chime: meeting, p_now: now.toISOString() };
      // Without the request's deadline, because it may continue after the response.
      const answer = await call(rpc, "chime_page_meeting_created", args, stored);
      return answer.ok ? ok(answer.value.outcome) : answer;
    },
    endVisit: async (appointmentId, by, now, deadline) => {
      const args = { p_appointment: appointmentId, p_by: by, p_now: now.toISOString() };
      const answer = await call(rpc, "chime_page_end_visit", args, ended, deadline);
      return answer.ok ? ok(answer.value.to_delete.map(meetingOf)) : answer;
    },
    meetingRefused: (id, now) =>
      command(rpc, "chime_page_meeting_ended", {
        p_meeting: id,
        p_reason: "refused-by-chime",
        p_by: null,
        p_now: now.toISOString(),
      }),
    meetingDeleted: (id, now) =>
      command(rpc, "chime_page_meeting_deleted", { p_meeting: id, p_now: now.toISOString() }),
    createPass: async (pass) => {
      const answer = await call(rpc, "chime_page_pass_create", {
        p_appointment: pass.appointmentId,
        p_subject: pass.subject,
        p_pass: pass.hash,
        p_opens: pass.opens,
        p_expires_at: pass.expiresAt?.toISOString() ?? null,
        p_closes_after_minutes: pass.closesAfterMinutes,
        p_now: pass.now.toISOString(),
      }, created);
      return answer.ok ? ok(answer.value.expires_at) : answer;
    },
    record: (appointmentId, sessionHash, events, now) =>
      command(rpc, "chime_page_record", {
        p_appointment: appointmentId,
        p_session: sessionHash,
        p_events: events,
        p_now: now.toISOString(),
      }),
  };
}

type RpcArguments = Readonly<Record<string, unknown>>;

function openArguments(appointmentId: string, who: Credentials, options: OpenOptions) {
  return {
    p_appointment: appointmentId,
    p_now: options.now.toISOString(),
    p_subject: who.subject ?? null,
    p_pass: who.passHash ?? null,
    p_session: who.sessions?.map(({ hash }) => hash).join() ?? null,
    p_expired_subject: who.expiredSubject ?? null,
    p_new_session: options.newSessionHash ?? null,
    p_claim: options.claim ?? null,
    p_retire: options.retire ?? null,
    ...ruleArguments(options.rule),
    p_media_region: options.mediaRegion ?? null,
  };
}

function ruleArguments({ opensBeforeMinutes, closesAfterMinutes, waitingRoom }: JoinRule) {
  return {
    p_opens_before_minutes: opensBeforeMinutes,
    p_closes_after_minutes: closesAfterMinutes,
    p_waiting_room: waitingRoom,
  };
}

/**
 * Extends the session of a person who is too early if it would end before the visit does: their page
 * opens the visit with it. If that fails, the session stays as it is.
 */
async function keepSession(rpc: Rpc, visit: Visit, options: OpenOptions): Promise<Visit> {
  const { appointment: { id, startsAt, endsAt }, sessionExpiresAt } = visit;
  const { now, rule, newSessionHash, deadline } = options;
  const session = visit.sessionHash ?? newSessionHash;
  const early = now.getTime() < startsAt.getTime() - rule.opensBeforeMinutes * 60_000;
  const closesAt = endsAt.getTime() + rule.closesAfterMinutes * 60_000;
  if (!early || !newSessionHash || !session || !sessionExpiresAt) return visit;
  if (sessionExpiresAt.getTime() >= closesAt) return visit;
  const answer = await call(
    rpc,
    "chime_page_session_keep",
    {
      p_appointment: id,
      p_session: session,
      p_closes_after_minutes: rule.closesAfterMinutes,
      p_now: now.toISOString(),
    },
    kept,
    deadline,
  );
  return answer.ok ? { ...visit, sessionExpiresAt: answer.value.expires_at } : visit;
}

/** Calls a database function and validates its result. */
async function call<S extends z.core.$ZodType>(
  rpc: Rpc,
  name: string,
  args: RpcArguments,
  schema: S,
  deadline?: Deadline,
): Promise<Result<z.output<S>, Problem>> {
  const answer = await rpc(name, args, deadline?.signal);
  if (!answer.ok) return err({ name: "upstream-unavailable", reason: answer.error });
  const refused = z.safeParse(refusal, answer.value);
  if (refused.success) return err(refusalProblem(refused.data));
  const parsed = z.safeParse(schema, answer.value);
  return parsed.success
    ? ok(parsed.data)
    : err({ name: "upstream-unavailable", reason: `database-contract-${name}` });
}

/** Calls a database function whose result contains no data. */
async function command(rpc: Rpc, name: string, args: RpcArguments): Promise<Result<null, Problem>> {
  const answer = await call(rpc, name, args, done);
  return answer.ok ? ok(null) : answer;
}
