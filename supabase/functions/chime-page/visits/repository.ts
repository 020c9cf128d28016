import * as z from "zod/mini";
import type { ChimeMeeting } from "../../_shared/chime_types.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import type { Rpc } from "../../_shared/supabase.ts";
import type { EventBatch } from "../contract/page_data.ts";
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
import type { Credentials, LinkKind, Meeting, Visit } from "./visit.ts";

/** Options of {@link Visits.open}. */
export interface OpenOptions {
  readonly now: Date;
  readonly deadline: Deadline;
  readonly rule: JoinRule;
  /**
   * Hash of a session to create unless an existing one identified the person. Without it, the request
   * is an API call of a page.
   */
  readonly newSessionHash?: string;
  /** A new request token to claim a meeting with. Without it, no meeting is claimed. */
  readonly claim?: string;
  /** Region of the claimed meeting if the appointment has none. */
  readonly mediaRegion?: string;
  /** Id of a meeting that no longer exists at Chime and must be replaced. */
  readonly retire?: string;
}

/** A page that asks for its status. */
export interface AskingPage {
  readonly sessionHash: string;
  /** Random id of the page. Null: somebody asks without being here. */
  readonly page: string | null;
  /** Whether the person has tapped Join. */
  readonly ready: boolean;
}

/** A link to create. */
export interface NewPass {
  readonly appointmentId: string;
  readonly subject: string;
  readonly hash: string;
  readonly opens: LinkKind;
  /** Null if only the end of the visit limits it. */
  readonly expiresAt: Date | null;
  readonly closesAfterMinutes: number;
  readonly now: Date;
}

/**
 * The visits in the database. Each method makes one call, except that opening a visit long before it
 * opens makes a second one. Any of them may fail with `upstream-unavailable`.
 */
export interface Visits {
  /**
   * Identifies a person and returns their visit.
   * Problems: `unauthenticated`, `pass-spent`, `pass-expired`, `visit-not-found`, `rate-limited`,
   * `visit-misconfigured`.
   */
  open(
    appointmentId: string,
    who: Credentials,
    options: OpenOptions,
  ): Promise<Result<Visit, Problem>>;
  /**
   * Opens the visit of a page that asks for its status, and notes that the page is open. Problems as
   * for `open`.
   */
  status(
    appointmentId: string,
    asking: AskingPage,
    options: Pick<OpenOptions, "now" | "deadline" | "rule">,
  ): Promise<Result<Visit, Problem>>;
  /**
   * Notes that a page is gone. Its person is no longer present, unless another page of theirs is
   * open. Problem: `unauthenticated`.
   */
  leave(
    appointmentId: string,
    sessionHash: string,
    page: string,
    now: Date,
  ): Promise<Result<null, Problem>>;
  /** Stores a meeting created at Chime. Returns `gone` if it was ended in the meantime. */
  meetingCreated(
    id: string,
    meeting: ChimeMeeting,
    now: Date,
  ): Promise<Result<"stored" | "gone", Problem>>;
  /**
   * Ends the current meeting for everyone.
   * @param by id of the participant who ends it
   * @returns all meetings of the visit that may still exist at Chime
   */
  endVisit(
    appointmentId: string,
    by: string,
    now: Date,
    deadline: Deadline,
  ): Promise<Result<readonly Meeting[], Problem>>;
  /** Gives up a current meeting that Chime refuses to create. */
  meetingRefused(id: string, now: Date): Promise<Result<null, Problem>>;
  /** Records that an ended meeting no longer exists at Chime. */
  meetingDeleted(id: string, now: Date): Promise<Result<null, Problem>>;
  /** Stores the hash of a link. Returns when it expires, at the latest when the visit closes. */
  createPass(pass: NewPass): Promise<Result<Date, Problem>>;
  /** Stores events of a page. */
  record(
    appointmentId: string,
    sessionHash: string,
    events: EventBatch["events"],
    now: Date,
  ): Promise<Result<null, Problem>>;
}

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
