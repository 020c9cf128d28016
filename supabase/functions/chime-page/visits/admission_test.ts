import assert from "node:assert/strict";
import { err, ok } from "../../_shared/result.ts";
import { chimeMeeting, enter, meetingId, never, row, setup, visitOf } from "../testing/visits.ts";

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
