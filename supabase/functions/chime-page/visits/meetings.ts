import type { Chime } from "../../_shared/chime.ts";
import type { ChimeFailure } from "../../_shared/chime_errors.ts";
import type { ChimeMeeting } from "../../_shared/chime_types.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import type { JoinInfo } from "../contract/page_data.ts";
import type { Visits } from "./visits.ts";
import type { Meeting } from "./visit.ts";

/** Dependencies for creating and deleting meetings. */
export interface MeetingDependencies {
  readonly visits: Visits;
  readonly chime: Chime;
  readonly now: () => Date;
  /** The deadline of the request. */
  readonly deadline: Deadline;
  /** A deadline for work after the response. */
  readonly newDeadline: () => Deadline;
  /** Continues work after the response. Its result is ignored. */
  readonly background: (work: Promise<unknown>) => void;
  /** Resolves when a request stops waiting for a new meeting to be stored. */
  readonly storeTimeout: () => Promise<void>;
  /** Region of meetings whose appointment has none. */
  readonly mediaRegion: string;
}

/** Why a person could not join. `gone`: the meeting was ended while they were joining. */
export type JoinFailure = ChimeFailure | { readonly kind: "gone"; readonly code: string };

/**
 * Creates the meeting at Chime, if nobody has yet, and this person's attendee.
 *
 * A slow database delays the person only until `storeTimeout`. An unstored meeting is not lost, since
 * the next request repeats the request token. Storing it also shows whether the visit has been ended in
 * the meantime: then the meeting is deleted, and if the result arrives in time, the person does not
 * get its credentials.
 */
export async function join(
  dependencies: MeetingDependencies,
  meeting: Meeting,
  participantId: string,
): Promise<Result<JoinInfo, JoinFailure>> {
  const found = await findOrCreate(dependencies, meeting);
  if (!found.ok) return found;
  const chime = found.value;
  const stored = meeting.chime ? undefined : store(dependencies, { ...meeting, chime });
  const attendee = await dependencies.chime.createAttendee(
    chime.MeetingId,
    participantId,
    dependencies.deadline,
  );
  if (!attendee.ok && attendee.error.kind !== "not-found") return attendee;
  if (stored && await Promise.race([stored, dependencies.storeTimeout()]) === "gone") {
    return err({ kind: "gone", code: "ended-meanwhile" });
  }
  return attendee.ok ? ok({ meeting: chime, attendee: attendee.value }) : attendee;
}

/** Stores a new meeting. If it was ended in the meantime, it is deleted at Chime after the response. */
function store(
  dependencies: MeetingDependencies,
  meeting: Meeting & { readonly chime: ChimeMeeting },
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
 * Deletes an ended meeting at Chime and records that in the database. If its Chime id was never
 * stored, CreateMeeting with the same request token returns that meeting, or a new, empty one.
 */
export async function deleteMeeting(
  dependencies: MeetingDependencies,
  meeting: Meeting,
): Promise<Result<null, ChimeFailure>> {
  const found = await findOrCreate(dependencies, meeting);
  // A meeting that Chime refuses to create cannot exist there.
  if (!found.ok && !isInvalidRequest(found.error)) return found;
  if (found.ok) {
    const deleted = await dependencies.chime.deleteMeeting(
      found.value.MeetingId,
      dependencies.deadline,
    );
    if (!deleted.ok) return deleted;
  }
  // If this fails, the next opening of the visit deletes the meeting again.
  await dependencies.visits.meetingDeleted(meeting.id, dependencies.now());
  return ok(null);
}

/** Deletes meetings after the response. The next opening of the visit retries what fails. */
export function deleteLater(dependencies: MeetingDependencies, meetings: readonly Meeting[]): void {
  if (meetings.length === 0) return;
  const later = { ...dependencies, deadline: dependencies.newDeadline() };
  dependencies.background(Promise.all(meetings.map((meeting) => deleteMeeting(later, meeting))));
}

/** Whether Chime rejected the parameters of a meeting, such as an unknown region. */
export function isInvalidRequest(failure: JoinFailure): boolean {
  return failure.code === "BadRequestException" || failure.code === "UnprocessableEntityException";
}

async function findOrCreate(
  { chime, mediaRegion, deadline }: MeetingDependencies,
  meeting: Meeting,
): Promise<Result<ChimeMeeting, ChimeFailure>> {
  if (meeting.chime) return ok(meeting.chime);
  return await chime.createMeeting({
    requestToken: meeting.requestToken,
    // The row's id, which is not personal data.
    externalMeetingId: meeting.id,
    mediaRegion: meeting.mediaRegion ?? mediaRegion,
  }, deadline);
}
