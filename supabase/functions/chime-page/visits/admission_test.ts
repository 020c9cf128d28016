import assert from "node:assert/strict";
import type { Chime } from "../../_shared/chime.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import { err, ok } from "../../_shared/result.ts";
import { type AdmissionDependencies, admit } from "./admission.ts";
import type { Role } from "../contract/page_data.ts";
import type { Visits } from "./repository.ts";
import type { Meeting, Visit } from "./visit.ts";

const NOW = new Date("2027-03-01T12:00:00Z");
const never = () => new Promise<never>(() => {});

const chimeMeeting = (id: string) => ({
  MeetingId: id,
  MediaRegion: "eu-central-1",
  MediaPlacement: { AudioHostUrl: "a", AudioFallbackUrl: "b", SignalingUrl: "c" },
});

function visitOf(role: Role, meeting: Meeting | null, toDelete: readonly Meeting[] = []): Visit {
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
    present: [],
    providerIn: role === "provider" || meeting !== null,
    via: "session",
    sessionHash: "hash",
    sessionExpiresAt: null,
    meeting,
    toDelete,
  };
}

const row = (number: number, more: Partial<Meeting> = {}): Meeting => ({
  id: `row-${number}`,
  requestToken: `token-${number}`,
  mediaRegion: null,
  chime: null,
  ...more,
});

const deadline: Deadline = { leftMs: () => 10_000, signal: new AbortController().signal };

/** Fake dependencies. Each opening returns the next of `visits`; meetings are named after rows. */
function setup(
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

const enter = (dependencies: AdmissionDependencies) =>
  admit(dependencies, "visit", { sessions: [{ hash: "hash" }] });

function meetingId(admitted: Awaited<ReturnType<typeof enter>>): string | undefined {
  return admitted.ok ? admitted.value.join?.meeting.MeetingId : undefined;
}

Deno.test("a slow database does not delay a person who can join", async () => {
  const { dependencies } = setup([visitOf("provider", row(1))], {
    visits: { meetingCreated: never },
  });
  const admitted = await enter({ ...dependencies, storeTimeout: () => Promise.resolve() });
  assert.equal(meetingId(admitted), "meeting-1");
});

Deno.test("a person can join a meeting that could not be stored", async () => {
  const failure = { name: "upstream-unavailable" as const };
  const { dependencies } = setup([visitOf("provider", row(1))], {
    visits: { meetingCreated: () => Promise.resolve(err(failure)) },
  });
  assert.equal(meetingId(await enter(dependencies)), "meeting-1");
});

Deno.test("a meeting that turns out to be ended after the response is deleted", async () => {
  const late = Promise.withResolvers<"gone">();
  const { dependencies, calls, settled } = setup([visitOf("provider", row(1))], {
    visits: { meetingCreated: async () => ok(await late.promise) },
  });
  const admitted = await enter({ ...dependencies, storeTimeout: () => Promise.resolve() });
  assert.ok(admitted.ok);
  assert.ok(!calls.includes("delete meeting-1"));
  late.resolve("gone");
  await settled();
  assert.deepEqual(calls.slice(-2), ["delete meeting-1", "note that row-1 is deleted"]);
});

Deno.test("a provider whose meeting is ended while they are joining gets the next one", async () => {
  const { dependencies, calls, settled } = setup(
    [visitOf("provider", row(1)), visitOf("provider", row(2))],
    { visits: { meetingCreated: (id) => Promise.resolve(ok(id === "row-1" ? "gone" : "stored")) } },
  );
  assert.equal(meetingId(await enter(dependencies)), "meeting-2");
  await settled();
  assert.deepEqual(calls.filter((one) => one.startsWith("delete")), ["delete meeting-1"]);
});

Deno.test("a patient whose meeting is ended while they are joining waits again", async () => {
  const { dependencies } = setup([visitOf("patient", row(1)), visitOf("patient", null)], {
    visits: { meetingCreated: () => Promise.resolve(ok("gone")) },
  });
  const admitted = await enter(dependencies);
  assert.ok(admitted.ok);
  assert.equal(admitted.value.join, null);
});

Deno.test("a visit whose meetings keep ending is busy after three attempts", async () => {
  const { dependencies, calls } = setup([visitOf("provider", row(1))], {
    visits: { meetingCreated: () => Promise.resolve(ok("gone")) },
  });
  const admitted = await enter(dependencies);
  assert.equal(admitted.ok || admitted.error.problem.name, "busy");
  assert.equal(calls.filter((one) => one === "open").length, 3);
});

Deno.test("a meeting that no longer exists at Chime is replaced and deleted", async () => {
  const dead = row(1, { chime: chimeMeeting("meeting-1") });
  const { dependencies, calls, settled } = setup(
    [visitOf("provider", dead), visitOf("provider", row(2), [dead])],
    {
      chime: {
        createAttendee: (id, ExternalUserId) =>
          Promise.resolve(
            id === "meeting-1"
              ? err({ kind: "not-found", code: "NotFoundException" })
              : ok({ ExternalUserId, AttendeeId: "a", JoinToken: "j" }),
          ),
      },
    },
  );
  assert.equal(meetingId(await enter(dependencies)), "meeting-2");
  await settled();
  assert.ok(calls.includes("open, retiring row-1"));
  assert.deepEqual(calls.filter((one) => one.startsWith("delete")), ["delete meeting-1"]);
});

Deno.test("meetings left by an interrupted end are deleted, by id or by request token", async () => {
  const left = [row(1, { chime: chimeMeeting("meeting-1") }), row(2, { mediaRegion: "us-east-1" })];
  const live = row(3, { chime: chimeMeeting("meeting-3") });
  const { dependencies, calls, settled } = setup([visitOf("provider", live, left)]);
  assert.equal(meetingId(await enter(dependencies)), "meeting-3");
  await settled();
  assert.deepEqual(calls.filter((one) => /^(create|delete|note)/.test(one)).sort(), [
    "create token-2 in us-east-1",
    "delete meeting-1",
    "delete meeting-2",
    "note that row-1 is deleted",
    "note that row-2 is deleted",
  ]);
});

Deno.test("a meeting whose deletion fails is not recorded as deleted", async () => {
  const left = [row(1, { chime: chimeMeeting("meeting-1") })];
  const { dependencies, calls, settled } = setup([visitOf("patient", null, left)], {
    chime: { deleteMeeting: () => Promise.resolve(err({ kind: "busy", code: "Throttling" })) },
  });
  assert.ok((await enter(dependencies)).ok);
  await settled();
  assert.ok(!calls.some((one) => one.startsWith("note")));
});

Deno.test("an unknown region of the appointment makes the visit misconfigured and gives up the claim", async () => {
  const { dependencies, calls, settled } = setup(
    [visitOf("provider", row(1, { mediaRegion: "xx-north-9" }))],
    {
      chime: {
        createMeeting: () => Promise.resolve(err({ kind: "refused", code: "BadRequestException" })),
      },
    },
  );
  const admitted = await enter(dependencies);
  assert.deepEqual(admitted.ok || admitted.error.problem, {
    name: "visit-misconfigured",
    columns: ["appointments.media_region"],
    reason: "BadRequestException",
  });
  await settled();
  assert.ok(calls.includes("give up row-1"));
});

Deno.test("an unknown region in the settings makes the function misconfigured", async () => {
  const { dependencies } = setup([visitOf("provider", row(1))], {
    mediaRegion: "xx-north-9",
    chime: {
      createMeeting: () => Promise.resolve(err({ kind: "refused", code: "BadRequestException" })),
    },
  });
  const admitted = await enter(dependencies);
  assert.equal(admitted.ok || admitted.error.problem.name, "misconfigured");
});
