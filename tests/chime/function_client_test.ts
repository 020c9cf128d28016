import assert from "node:assert/strict";
import type { Chime as StandIn } from "../../dev/chime/chime.ts";
import { type Chime, createChime } from "../../supabase/functions/_shared/chime.ts";
import type { Deadline } from "../../supabase/functions/_shared/deadline.ts";
import { CREDENTIALS, withChime } from "../support/chime/control.ts";

const MINUTE = 60_000;

/** The function's own client, whose pauses take no time. */
function clientOf(standIn: StandIn, credentials = CREDENTIALS, now = Date.now): Chime {
  return createChime({
    region: "eu-central-1",
    endpoint: standIn.url,
    credentials,
    retry: { baseMs: 250, capMs: 2_000 },
  }, { now, random: () => 0, sleep: () => Promise.resolve() });
}

/** A deadline that a test lets pass. */
function testDeadline(): Deadline & { pass(): void } {
  const control = new AbortController();
  return {
    leftMs: () => control.signal.aborted ? 0 : 10_000,
    signal: control.signal,
    pass: () => control.abort(),
  };
}

const newOrder = () => ({
  requestToken: crypto.randomUUID(),
  externalMeetingId: crypto.randomUUID(),
  mediaRegion: "eu-central-1",
});

const operations = (standIn: StandIn) => standIn.requests().map((one) => one.operation);

async function newMeeting(chime: Chime): Promise<string> {
  const created = await chime.createMeeting(newOrder(), testDeadline());
  assert.ok(created.ok);
  return created.value.MeetingId;
}

Deno.test("a single false NotFound of CreateAttendee is checked, and the person gets in", () =>
  withChime(async (standIn) => {
    const chime = clientOf(standIn);
    const meeting = await newMeeting(chime);
    standIn.faults.add({
      kind: "error",
      operation: "CreateAttendee",
      error: "NotFoundException",
    });
    assert.ok((await chime.createAttendee(meeting, "somebody", testDeadline())).ok);
    assert.deepEqual(operations(standIn), [
      "CreateMeeting",
      "CreateAttendee",
      "GetMeeting",
      "CreateAttendee",
    ]);
  }));

Deno.test("a person who opens repeatedly within ten seconds gets the same attendee for two calls", () =>
  withChime(async (standIn) => {
    let time = 0;
    const chime = clientOf(standIn, CREDENTIALS, () => time);
    const meeting = await newMeeting(chime);
    const come = async (person: string) => {
      const attendee = await chime.createAttendee(meeting, person, testDeadline());
      assert.ok(attendee.ok);
      return attendee.value.AttendeeId;
    };
    const ids = new Set<string>();
    for (let times = 0; times < 30; times++) ids.add(await come("somebody"));
    assert.equal(ids.size, 1);
    assert.deepEqual(operations(standIn), ["CreateMeeting", "CreateAttendee", "CreateAttendee"]);
    assert.notEqual(await come("somebody-else"), [...ids][0]);
    time = 10_000;
    await come("somebody");
    assert.equal(operations(standIn).length, 5, "later Chime is called again");
  }));

Deno.test("a meeting that GetMeeting does not know either is not found", () =>
  withChime(async (standIn) => {
    const chime = clientOf(standIn);
    const meeting = await newMeeting(chime);
    standIn.faults.add({ kind: "end-meeting", meeting });
    assert.deepEqual(await chime.createAttendee(meeting, "somebody", testDeadline()), {
      ok: false,
      error: { kind: "not-found", code: "NotFoundException" },
    });
    assert.deepEqual(operations(standIn).slice(1), ["CreateAttendee", "GetMeeting"]);
  }));

Deno.test("an unconfirmed NotFound does not give up the meeting", () =>
  withChime(async (standIn) => {
    const chime = clientOf(standIn);
    const meeting = await newMeeting(chime);
    standIn.faults.add({
      kind: "error",
      operation: "CreateAttendee",
      error: "NotFoundException",
    });
    standIn.faults.add({ kind: "error", operation: "GetMeeting", error: "ThrottlingException" });
    assert.ok((await chime.createAttendee(meeting, "somebody", testDeadline())).ok);
  }));

Deno.test("deleting a meeting that is gone succeeds", () =>
  withChime(async (standIn) => {
    const chime = clientOf(standIn);
    const meeting = await newMeeting(chime);
    for (let i = 0; i < 2; i++) {
      assert.ok((await chime.deleteMeeting(meeting, testDeadline())).ok);
    }
  }));

for (const [name, offset] of [["behind", 10 * MINUTE], ["ahead", -10 * MINUTE]] as const) {
  Deno.test(`a clock that is ten minutes ${name} is corrected within the first call`, () =>
    withChime(async (standIn) => {
      const chime = clientOf(standIn);
      assert.ok((await chime.createMeeting(newOrder(), testDeadline())).ok);
      assert.deepEqual(standIn.requests().map((one) => one.status), [403, 200]);
      assert.ok((await chime.createMeeting(newOrder(), testDeadline())).ok);
      assert.equal(standIn.requests().length, 3, "the next call succeeds at once");
    }, { machineClock: () => Date.now() + offset }));
}

Deno.test("several simultaneous first calls with a wrong clock all succeed", () =>
  withChime(async (standIn) => {
    const chime = clientOf(standIn);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => chime.createMeeting(newOrder(), testDeadline())),
    );
    assert.ok(answers.every((answer) => answer.ok));
  }, { machineClock: () => Date.now() + 10 * MINUTE }));

for (const [clock, offset, calls] of [["right", 0, 1], ["wrong", 10 * MINUTE, 2]] as const) {
  Deno.test(`a wrong secret with a ${clock} clock is refused after ${calls} call(s)`, () =>
    withChime(async (standIn) => {
      const chime = clientOf(standIn, { ...CREDENTIALS, secretAccessKey: "guess" });
      const answer = await chime.createMeeting(newOrder(), testDeadline());
      assert.deepEqual(answer, {
        ok: false,
        error: { kind: "refused", code: "InvalidSignatureException" },
      });
      assert.equal(standIn.requests().length, calls);
    }, { machineClock: () => Date.now() + offset }));
}

Deno.test("a call that hangs is given up at the deadline, and not retried", () =>
  withChime(async (standIn) => {
    const hold = standIn.faults.hold("CreateMeeting");
    const deadline = testDeadline();
    const answer = clientOf(standIn).createMeeting(newOrder(), deadline);
    await hold.arrived;
    deadline.pass();
    assert.deepEqual(await answer, {
      ok: false,
      error: { kind: "unavailable", code: "AbortError" },
    });
    assert.equal(standIn.requests().length, 1);
  }));

Deno.test("throttling until the deadline is busy, even if the deadline interrupts the last attempt", () =>
  withChime(async (standIn) => {
    standIn.faults.add({ kind: "error", operation: "CreateMeeting", error: "ThrottlingException" });
    const hold = standIn.faults.hold("CreateMeeting");
    const deadline = testDeadline();
    const answer = clientOf(standIn).createMeeting(newOrder(), deadline);
    await hold.arrived;
    deadline.pass();
    assert.deepEqual(await answer, {
      ok: false,
      error: { kind: "busy", code: "ThrottlingException" },
    });
  }));

Deno.test("a request that shares a call interrupted by another's deadline still gets the meeting", () =>
  withChime(async (standIn) => {
    const chime = clientOf(standIn);
    const hold = standIn.faults.hold("CreateMeeting");
    const order = newOrder();
    const early = testDeadline();
    const first = chime.createMeeting(order, early);
    await hold.arrived;
    const second = chime.createMeeting(order, testDeadline());
    early.pass();
    assert.equal((await first).ok, false);
    assert.ok((await second).ok);
    assert.equal(standIn.meetings().length, 1);
  }));
