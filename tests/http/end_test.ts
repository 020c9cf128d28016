import assert from "node:assert/strict";
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import {
  createVisit,
  pageData,
  startTestStack,
  type TestPerson,
  type TestStack,
  type TestVisit,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

/** Who waits for the end of which meeting. */
const waiting = new Map<string, () => void>();
const stack: TestStack = await startTestStack({
  // What one process knows by itself the others do not; the third is for a test to stop.
  workers: 3,
  chime: {
    onEvent: ({ detail }) => {
      if (detail.eventType === "chime:MeetingEnded") waiting.get(detail.meetingId)?.();
    },
  },
});
Deno.test.afterAll(() => stack.stop());

const bearer = (token: string) => ({ Authorization: `Bearer ${token}`, Accept: "text/html" });

/** A visit at one certain process of the function. */
function at(process: number, visit: TestVisit): string {
  return `${stack.functions[process]?.url}/chime-page/${visit.id}`;
}

const open = async (process: number, visit: TestVisit, person: TestPerson) =>
  await pageData(await fetch(at(process, visit), { headers: bearer(person.token) }));

const end = (process: number, visit: TestVisit, session: string) =>
  fetch(`${at(process, visit)}/end`, { method: "POST", headers: bearer(session) });

/** Another provider of a visit. */
async function addProvider(visit: TestVisit): Promise<TestPerson> {
  const [subject, participantId] = [crypto.randomUUID(), crypto.randomUUID()];
  await stack.supabase.sql(
    `insert into public.visit_participants (id, appointment_id, subject, role, display_name)
     values ($1, $2, $3, 'provider', 'Dr. Fotso')`,
    [participantId, visit.id, subject],
  );
  return { subject, participantId, token: await stack.issuer.token(subject) };
}

/** The meetings of a visit: rows here, and what is alive of them at Chime. */
async function meetingsOf(visit: TestVisit) {
  const rows = await stack.supabase.sql(
    `select id, chime->>'MeetingId' as chime, ended_at is null as live, deleted_at is not null as gone
     from chime_page.meetings where appointment_id = $1 order by claimed_at`,
    [visit.id],
  );
  const ids = new Set(rows.map((row) => row["id"]));
  const alive = stack.chime.meetings()
    .filter((one) => ids.has(one.externalMeetingId) && one.ended === null)
    .map((one) => one.meetingId);
  return { rows, alive };
}

/**
 * Has Chime refuse the next call about one meeting: what the function does after an answer may still
 * be under way for another.
 */
function refuseOnce(
  operation: "CreateAttendee" | "DeleteMeeting" | "GetMeeting",
  error: "ForbiddenException" | "NotFoundException",
  join: JoinInfo | null,
): void {
  assert.ok(join);
  stack.chime.faults.add({ kind: "error", operation, error, meeting: join.meeting.MeetingId });
}

/** Nothing lives at Chime but the meeting of the live row, if there is one. */
async function assertNoOrphan(visit: TestVisit): Promise<void> {
  const { rows, alive } = await meetingsOf(visit);
  assert.deepEqual(alive, rows.filter((row) => row["live"]).map((row) => row["chime"]));
}

/** Once the database has no live meeting of a visit; it is in this process, and must get its turns. */
async function endedHere(visit: TestVisit): Promise<void> {
  while ((await meetingsOf(visit)).rows.some((row) => row["live"])) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** Once Chime has ended a meeting. */
async function ended(meetingId: string | undefined): Promise<void> {
  assert.ok(meetingId);
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.set(meetingId, resolve);
  if (stack.chime.meetings().some((one) => one.meetingId === meetingId && one.ended)) resolve();
  await promise;
}

for (const when of ["before", "after"] as const) {
  for (const process of [0, 1]) {
    const where = process === 0 ? "the same process" : "another process";
    looseTest(
      `a visit that is ended in ${where} while CreateMeeting is under way (held ${when} it) leaves no orphan`,
      async () => {
        const visit = await createVisit(stack);
        const colleague = await addProvider(visit);
        const { api } = await open(process, visit, visit.provider);
        assert.equal((await end(process, visit, api.session)).status, 204);

        const hold = stack.chime.faults.hold("CreateMeeting", when);
        const joining = open(0, visit, colleague);
        await hold.arrived;
        const ending = end(process, visit, api.session);
        await endedHere(visit);
        hold.release();
        assert.equal((await ending).status, 204);

        const joined = (await joining).join?.meeting.MeetingId;
        await assertNoOrphan(visit);
        const { alive } = await meetingsOf(visit);
        assert.deepEqual(alive, [joined], "who came in meanwhile is in the meeting that lives");
      },
    );
  }
}

looseTest("a meeting that Chime has and the database never heard of is ended too", async () => {
  const visit = await createVisit(stack);
  const { api, join } = await open(0, visit, visit.provider);
  await stack.supabase.sql(
    "update chime_page.meetings set chime = null, created_at = null where appointment_id = $1",
    [visit.id],
  );
  assert.equal((await end(1, visit, api.session)).status, 204);
  await ended(join?.meeting.MeetingId);
  await assertNoOrphan(visit);
});

looseTest(
  "an end that Chime did not carry out is told, and the same call finishes it",
  async () => {
    const visit = await createVisit(stack);
    const { api, join } = await open(0, visit, visit.provider);
    refuseOnce("DeleteMeeting", "ForbiddenException", join);
    assert.equal((await end(0, visit, api.session)).status, 500);
    assert.equal((await meetingsOf(visit)).alive.length, 1);
    assert.equal((await end(1, visit, api.session)).status, 204);
    assert.deepEqual((await meetingsOf(visit)).alive, []);
    const deletions = () =>
      stack.chime.requests().filter(({ operation, meetingId }) =>
        operation === "DeleteMeeting" && meetingId === join?.meeting.MeetingId
      ).length;
    const before = deletions();
    assert.equal((await end(1, visit, api.session)).status, 204);
    assert.equal(deletions(), before, "what is done is not done again");
  },
);

looseTest("an end that Chime did not carry out is finished by the next opening", async () => {
  const visit = await createVisit(stack);
  const { api, join } = await open(0, visit, visit.provider);
  refuseOnce("DeleteMeeting", "ForbiddenException", join);
  await (await end(0, visit, api.session)).body?.cancel();
  assert.equal((await open(1, visit, visit.patient)).state, "waiting");
  await ended(join?.meeting.MeetingId);
});

looseTest(
  "one of two providers ends while the other joins: nobody is left in a dead meeting's row",
  async () => {
    const visit = await createVisit(stack);
    const colleague = await addProvider(visit);
    const first = await open(0, visit, visit.provider);
    const hold = stack.chime.faults.hold("CreateAttendee");
    const joining = open(1, visit, colleague);
    await hold.arrived;
    assert.equal((await end(0, visit, first.api.session)).status, 204);
    hold.release();
    const joined = (await joining).join?.meeting.MeetingId;
    assert.notEqual(joined, first.join?.meeting.MeetingId);
    assert.deepEqual((await meetingsOf(visit)).alive, [joined]);
  },
);

looseTest("ending one visit leaves the others alone", async () => {
  const [visit, other] = [await createVisit(stack), await createVisit(stack)];
  const { api } = await open(0, visit, visit.provider);
  const kept = (await open(0, other, other.provider)).join?.meeting.MeetingId;
  assert.equal((await end(0, visit, api.session)).status, 204);
  assert.equal((await end(0, other, api.session)).status, 401, "a session is of one visit");
  assert.deepEqual((await meetingsOf(other)).alive, [kept]);
});

looseTest(
  "after an end the patient waits, and a provider who comes back meets them in a new meeting",
  async () => {
    const visit = await createVisit(stack);
    const before = await open(0, visit, visit.provider);
    const patient = await open(1, visit, visit.patient);
    await (await end(0, visit, before.api.session)).body?.cancel();
    const status = async () =>
      await (await fetch(`${at(1, visit)}/status`, { headers: bearer(patient.api.session) }))
        .json();
    assert.deepEqual(await status(), {
      state: "waiting",
      present: [visit.provider.participantId, visit.patient.participantId].sort(),
      pollSeconds: 5,
    });
    const again = await open(0, visit, visit.provider);
    assert.equal((await status()).state, "open");
    const patientAgain = await open(1, visit, visit.patient);
    assert.notEqual(again.join?.meeting.MeetingId, before.join?.meeting.MeetingId);
    assert.equal(patientAgain.join?.meeting.MeetingId, again.join?.meeting.MeetingId);
    await assertNoOrphan(visit);
  },
);

looseTest("one false NotFound does not part two people", async () => {
  const visit = await createVisit(stack);
  const provider = await open(0, visit, visit.provider);
  refuseOnce("CreateAttendee", "NotFoundException", provider.join);
  const patient = await open(1, visit, visit.patient);
  assert.equal(patient.join?.meeting.MeetingId, provider.join?.meeting.MeetingId);
});

looseTest(
  "a meeting that is given up by mistake is deleted: nobody stays in it alone",
  async () => {
    const visit = await createVisit(stack);
    const first = await open(0, visit, visit.provider);
    for (const operation of ["CreateAttendee", "GetMeeting"] as const) {
      refuseOnce(operation, "NotFoundException", first.join);
    }
    const again = await open(1, visit, visit.provider);
    await ended(first.join?.meeting.MeetingId);
    assert.deepEqual((await meetingsOf(visit)).alive, [again.join?.meeting.MeetingId]);
  },
);

looseTest(
  "a process that dies with CreateMeeting answered but not kept is healed by the next opening",
  async () => {
    const visit = await createVisit(stack);
    const hold = stack.chime.faults.hold("CreateMeeting", "after");
    const lost = fetch(at(2, visit), { headers: bearer(visit.provider.token) });
    const failed = assert.rejects(lost);
    await hold.arrived;
    await stack.functions[2]?.stop();
    await failed;
    hold.release();
    const healed = await open(0, visit, visit.provider);
    const { rows, alive } = await meetingsOf(visit);
    assert.equal(rows.length, 1);
    assert.deepEqual(alive, [healed.join?.meeting.MeetingId]);
  },
);
