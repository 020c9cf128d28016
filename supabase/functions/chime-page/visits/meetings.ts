import type { Chime, MeetingRequest } from "../../_shared/chime.ts";
import type { ChimeFailure } from "../../_shared/chime_errors.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import type { JoinInfo } from "../contract/page_data.ts";
import type { Meeting, Visits } from "./repository.ts";

/** What making and ending meetings needs. */
export interface MeetingDependencies {
  readonly visits: Visits;
  readonly chime: Chime;
  readonly now: () => Date;
  /** The deadline of the request. */
  readonly deadline: Deadline;
  /** A deadline for work that goes on after the answer. */
  readonly newDeadline: () => Deadline;
  /** Lets work go on after the answer; nothing hears of its outcome. */
  readonly background: (work: Promise<unknown>) => void;
  /** Over as soon as keeping a meeting in the database may not hold a person up any longer. */
  readonly storePatience: () => Promise<void>;
  readonly mediaRegion: string;
}

/** Why somebody has no place. `gone`: the meeting was ended while they came in. */
export type JoinFailure = ChimeFailure | { readonly kind: "gone"; readonly code: string };

/**
 * Creates what is missing: the meeting if no one did yet, and this person's attendee.
 *
 * Keeping a new meeting in the database does not hold up a person who has a place: whoever comes next
 * repeats the request token. But its answer says whether the visit was ended meanwhile; in time, the
 * person is not sent into a dead meeting, and early or late, that meeting is deleted.
 */
export async function join(
  dependencies: MeetingDependencies,
  meeting: Meeting,
  participantId: string,
): Promise<Result<JoinInfo, JoinFailure>> {
  const known = meeting.chime;
  const created = known
    ? ok(known)
    : await dependencies.chime.createMeeting(orderOf(dependencies, meeting), dependencies.deadline);
  if (!created.ok) return created;
  const chime = created.value;
  const stored = known ? undefined : store(dependencies, { ...meeting, chime });
  const attendee = await dependencies.chime.createAttendee(
    chime.MeetingId,
    participantId,
    dependencies.deadline,
  );
  if (!attendee.ok && attendee.error.kind !== "not-found") return attendee;
  if (stored && await Promise.race([stored, dependencies.storePatience()]) === "gone") {
    return err({ kind: "gone", code: "ended-meanwhile" });
  }
  return attendee.ok ? ok({ meeting: chime, attendee: attendee.value }) : attendee;
}

/** Keeps a new meeting. One that was ended meanwhile is deleted at Chime, after the answer. */
function store(
  dependencies: MeetingDependencies,
  meeting: Meeting & { readonly chime: JoinInfo["meeting"] },
): Promise<"stored" | "gone" | "unknown"> {
  const storing = dependencies.visits.meetingCreated(meeting.id, meeting.chime, dependencies.now())
    .then((stored) => stored.ok ? stored.value : "unknown", () => "unknown" as const);
  dependencies.background(
    storing.then((outcome) =>
      outcome === "gone" ? deleteLater(dependencies, [meeting]) : undefined
    ),
  );
  return storing;
}

/**
 * Deletes a meeting that has ended here at Chime, and notes it. One that the database never heard of
 * is asked for by its request token: it is that meeting, or a new one that nobody is in.
 */
export async function deleteMeeting(
  dependencies: MeetingDependencies,
  meeting: Meeting,
): Promise<Result<null, ChimeFailure>> {
  const found = meeting.chime
    ? ok(meeting.chime)
    : await dependencies.chime.createMeeting(orderOf(dependencies, meeting), dependencies.deadline);
  // What Chime will not create it never created.
  if (!found.ok && !isBadOrder(found.error)) return found;
  if (found.ok) {
    const deleted = await dependencies.chime.deleteMeeting(
      found.value.MeetingId,
      dependencies.deadline,
    );
    if (!deleted.ok) return deleted;
  }
  // Not noted is not lost: the next one deletes it again.
  await dependencies.visits.meetingDeleted(meeting.id, dependencies.now());
  return ok(null);
}

/** {@link deleteMeeting} for each, after the answer; whatever fails is found by the next opening. */
export function deleteLater(dependencies: MeetingDependencies, meetings: readonly Meeting[]): void {
  if (meetings.length === 0) return;
  const later = { ...dependencies, deadline: dependencies.newDeadline() };
  dependencies.background(Promise.all(meetings.map((meeting) => deleteMeeting(later, meeting))));
}

/** Chime does not take what a meeting is made of, such as a region it does not know. */
export function isBadOrder(failure: JoinFailure): boolean {
  return failure.code === "BadRequestException" || failure.code === "UnprocessableEntityException";
}

function orderOf(dependencies: MeetingDependencies, meeting: Meeting): MeetingRequest {
  return {
    requestToken: meeting.requestToken,
    // Nothing personal: the row's own id.
    externalMeetingId: meeting.id,
    mediaRegion: meeting.mediaRegion ?? dependencies.mediaRegion,
  };
}
