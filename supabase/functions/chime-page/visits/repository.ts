import * as z from "zod/mini";
import type { ChimeMeeting } from "../../_shared/chime_types.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import type { Rpc } from "../../_shared/supabase.ts";
import type { EventBatch, Person } from "../contract/page_data.ts";
import {
  created,
  done,
  ended,
  found,
  meetingOf,
  refusal,
  refusalProblem,
  stored,
  visitOf,
} from "./database_answers.ts";
import type { Appointment, JoinRule } from "./join_policy.ts";

/**
 * Who asks, as far as it can be known without the database: a verified subject, or hashes of a link
 * and of sessions, which the database must know.
 */
export interface Credentials {
  readonly subject?: string;
  readonly passHash?: string;
  /** One of a page or a form, or those of all cookies of the visit; the database takes one. */
  readonly sessions?: readonly { readonly hash: string }[];
  /** Of a token that has only expired: a link or a session counts if it is this person's. */
  readonly expiredSubject?: string;
}

/** One person's view of one appointment, answered by a single database call. */
export interface Visit {
  readonly appointment: Appointment;
  readonly self: Person & { readonly locale: string | null; readonly timeZone: string | null };
  readonly people: readonly Person[];
  /** Ids of participants whose page was heard of in the last 30 seconds. */
  readonly present: readonly string[];
  readonly providerIn: boolean;
  readonly via: "subject" | "pass" | "session";
  /** Hash of the session they came by; null: they came by a subject or a link. */
  readonly sessionHash: string | null;
  readonly sessionExpiresAt: Date | null;
  /** The live one, only for those who may come in. */
  readonly meeting: Meeting | null;
  /** Ended ones that Chime may still have. */
  readonly toDelete: readonly Meeting[];
}

/** A meeting of an appointment. Whoever creates it repeats the same request token and region. */
export interface Meeting {
  readonly id: string;
  readonly requestToken: string;
  /** Null: the configured one. */
  readonly mediaRegion: string | null;
  /** Null until somebody has created it and kept it here. */
  readonly chime: ChimeMeeting | null;
}

/** What opening a visit may do beside looking. */
export interface Opening {
  readonly now: Date;
  readonly deadline: Deadline;
  readonly rule: JoinRule;
  /** Hash of a session to begin, if they did not come by one. Without it a page speaks. */
  readonly newSessionHash?: string;
  /** A fresh request token to claim a meeting with; without it nothing is claimed. */
  readonly claim?: string;
  /** The region to claim for where the visit names none. */
  readonly mediaRegion?: string;
  /** A meeting row that Chime no longer knows. */
  readonly retire?: string;
}

/**
 * What a link is for: `at-once` for the app's own navigation, a minute after it was made; `by-tap` to
 * travel by mail, SMS or chat, past programs that open every link they see.
 */
export type LinkKind = "at-once" | "by-tap";

/** The database of visits. Each method is one call. */
export interface Visits {
  open(appointmentId: string, who: Credentials, opening: Opening): Promise<Result<Visit, Problem>>;
  /** `gone`: it was ended meanwhile. */
  meetingCreated(
    id: string,
    meeting: ChimeMeeting,
    now: Date,
  ): Promise<Result<"stored" | "gone", Problem>>;
  /** Ends the live meeting for everyone; answers every one that Chime may still have. */
  endVisit(
    appointmentId: string,
    by: string,
    now: Date,
    deadline: Deadline,
  ): Promise<Result<readonly Meeting[], Problem>>;
  /** A live meeting that Chime will not create is given up. */
  meetingRefused(id: string, now: Date): Promise<Result<null, Problem>>;
  /** Chime has an ended meeting no more. */
  meetingDeleted(id: string, now: Date): Promise<Result<null, Problem>>;
  /** Keeps a link's hash; answers when it ends, which is never after the visit. */
  createPass(pass: {
    readonly appointmentId: string;
    readonly subject: string;
    readonly hash: string;
    readonly opens: LinkKind;
    /** Null: with the visit. */
    readonly expiresAt: Date | null;
    readonly closesAfterMinutes: number;
    readonly now: Date;
  }): Promise<Result<Date, Problem>>;
  record(
    appointmentId: string,
    sessionHash: string,
    events: EventBatch["events"],
    now: Date,
  ): Promise<Result<null, Problem>>;
}

/** The database through its `chime_page_*` functions; what it answers is checked, not believed. */
export function createVisits(rpc: Rpc): Visits {
  async function ask<S extends z.core.$ZodType>(
    name: string,
    args: Readonly<Record<string, unknown>>,
    schema: S,
    deadline?: Deadline,
  ): Promise<Result<z.output<S>, Problem>> {
    const answer = await rpc(name, args, deadline?.signal);
    if (!answer.ok) return err({ name: "upstream-unavailable", reason: answer.error });
    const refused = z.safeParse(refusal, answer.value);
    if (refused.success) return err(refusalProblem(refused.data));
    const read = z.safeParse(schema, answer.value);
    return read.success
      ? ok(read.data)
      : err({ name: "upstream-unavailable", reason: `database-contract-${name}` });
  }
  async function command(name: string, args: Readonly<Record<string, unknown>>) {
    const answer = await ask(name, args, done);
    return answer.ok ? ok(null) : answer;
  }

  return {
    open: async (appointmentId, who, opening) => {
      const answer = await ask(
        "chime_page_open",
        {
          p_appointment: appointmentId,
          p_now: opening.now.toISOString(),
          p_subject: who.subject ?? null,
          p_pass: who.passHash ?? null,
          p_session: who.sessions?.map(({ hash }) => hash).join() ?? null,
          p_expired_subject: who.expiredSubject ?? null,
          p_new_session: opening.newSessionHash ?? null,
          p_claim: opening.claim ?? null,
          p_retire: opening.retire ?? null,
          p_opens_before_minutes: opening.rule.opensBeforeMinutes,
          p_closes_after_minutes: opening.rule.closesAfterMinutes,
          p_waiting_room: opening.rule.waitingRoom,
          p_media_region: opening.mediaRegion ?? null,
        },
        found,
        opening.deadline,
      );
      return answer.ok ? ok(visitOf(answer.value)) : answer;
    },
    meetingCreated: async (id, meeting, now) => {
      // Without the request's deadline: it may go on after the answer.
      const answer = await ask("chime_page_meeting_created", {
        p_meeting: id,
        p_chime: meeting,
        p_now: now.toISOString(),
      }, stored);
      return answer.ok ? ok(answer.value.outcome) : answer;
    },
    endVisit: async (appointmentId, by, now, deadline) => {
      const answer = await ask(
        "chime_page_end_visit",
        {
          p_appointment: appointmentId,
          p_by: by,
          p_now: now.toISOString(),
        },
        ended,
        deadline,
      );
      return answer.ok ? ok(answer.value.to_delete.map(meetingOf)) : answer;
    },
    meetingRefused: (id, now) =>
      command("chime_page_meeting_ended", {
        p_meeting: id,
        p_reason: "refused-by-chime",
        p_by: null,
        p_now: now.toISOString(),
      }),
    meetingDeleted: (id, now) =>
      command("chime_page_meeting_deleted", { p_meeting: id, p_now: now.toISOString() }),
    createPass: async (pass) => {
      const answer = await ask("chime_page_pass_create", {
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
      command("chime_page_record", {
        p_appointment: appointmentId,
        p_session: sessionHash,
        p_events: events,
        p_now: now.toISOString(),
      }),
  };
}
