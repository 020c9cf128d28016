import assert from "node:assert/strict";
import type { Chime } from "../../_shared/chime.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import { err, ok } from "../../_shared/result.ts";
import type { Role } from "../contract/page_data.ts";
import { type AdmissionDependencies, admit } from "../visits/admission.ts";
import type { Visits } from "../visits/visits.ts";
import type { Meeting, Visit } from "../visits/visit.ts";

const NOW = new Date("2027-03-01T12:00:00Z");
export const never = () => new Promise<never>(() => {});

export const chimeMeeting = (id: string) => ({
  MeetingId: id,
  MediaRegion: "eu-central-1",
  MediaPlacement: { AudioHostUrl: "a", AudioFallbackUrl: "b", SignalingUrl: "c" },
});

export function visitOf(
  role: Role,
  meeting: Meeting | null,
  toDelete: readonly Meeting[] = [],
): Visit {
  const self = { id: "me", name: "Somebody", role, locale: null, timeZone: null };
  return {
    appointment: {
      id: "visit",
      startsAt: NOW,
      endsAt: new Date(NOW.getTime() + 1_800_000),
      status: "scheduled",
      videoEnabled: true,
      mediaRegion: null,
    },
    self,
    people: [self],
    unlisted: [],
    present: [],
    providerIn: role === "provider" || meeting !== null,
    via: "session",
    sessionHash: "hash",
    sessionExpiresAt: null,
    meeting,
    toDelete,
  };
}

export const row = (number: number, more: Partial<Meeting> = {}): Meeting => ({
  id: `row-${number}`,
  requestToken: `token-${number}`,
  mediaRegion: null,
  chime: null,
  ...more,
});

const deadline: Deadline = { leftMs: () => 10_000, signal: new AbortController().signal };

/** Fake dependencies. Each opening returns the next of `visits`; meetings are named after rows. */
export function setup(
  visits: readonly Visit[],
  more: { visits?: Partial<Visits>; chime?: Partial<Chime>; mediaRegion?: string } = {},
) {
  const calls: string[] = [];
  const work: Promise<unknown>[] = [];
  let openings = 0;
  const dependencies: AdmissionDependencies = {
    now: () => NOW,
    newRequestToken: () => "fresh-token",
    rule: { opensBeforeMinutes: 15, closesAfterMinutes: 60, waitingRoom: true },
    mediaRegion: more.mediaRegion ?? "eu-central-1",
    deadline,
    newDeadline: () => ({ ...deadline }),
    background: (one) => void work.push(one),
    storeTimeout: never,
    visits: {
      open: (_id, _caller, opening) => {
        assert.equal(opening.deadline, deadline, "the request has one deadline");
        calls.push(opening.retire ? `open, retiring ${opening.retire}` : "open");
        const visit = visits[Math.min(openings++, visits.length - 1)];
        return Promise.resolve(visit ? ok(visit) : err({ name: "visit-not-found" as const }));
      },
      meetingCreated: (id) => {
        calls.push(`store ${id}`);
        return Promise.resolve(ok("stored" as const));
      },
      meetingDeleted: (id) => {
        calls.push(`note that ${id} is deleted`);
        return Promise.resolve(ok(null));
      },
      meetingRefused: (id) => {
        calls.push(`give up ${id}`);
        return Promise.resolve(ok(null));
      },
      endVisit: never,
      createPass: never,
      record: never,
      status: never,
      leave: never,
      ...more.visits,
    },
    chime: {
      createMeeting: (order) => {
        calls.push(`create ${order.requestToken} in ${order.mediaRegion}`);
        return Promise.resolve(ok(chimeMeeting(order.requestToken.replace("token", "meeting"))));
      },
      createAttendee: (id, user, until) => {
        assert.equal(until, deadline, "the request has one deadline");
        calls.push(`attendee of ${id}`);
        return Promise.resolve(ok({ ExternalUserId: user, AttendeeId: "a", JoinToken: "j" }));
      },
      deleteMeeting: (id) => {
        calls.push(`delete ${id}`);
        return Promise.resolve(ok(null));
      },
      ...more.chime,
    },
  };
  /** Waits for work after the response, including work that it starts. */
  const settled = async () => {
    for (let done = 0; done < work.length; done++) await work[done];
  };
  return { dependencies, calls, settled };
}

export const enter = (dependencies: AdmissionDependencies) =>
  admit(dependencies, "visit", { sessions: [{ hash: "hash" }] });

export function meetingId(admitted: Awaited<ReturnType<typeof enter>>): string | undefined {
  return admitted.ok ? admitted.value.join?.meeting.MeetingId : undefined;
}
