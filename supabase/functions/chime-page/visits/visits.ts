import type { ChimeMeeting } from "../../_shared/chime_types.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import type { Problem } from "../../_shared/problem.ts";
import type { Result } from "../../_shared/result.ts";
import type { EventBatch } from "../contract/page_data.ts";
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
