import assert from "node:assert/strict";
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import {
  bearer,
  createVisit,
  pageData,
  startTestStack,
  type TestPerson,
  type TestStack,
  type TestVisit,
} from "../support/visits.ts";
import { insertParticipant } from "../support/visit_rows.ts";
import { looseTest } from "../support/sanitizers.ts";

/** Callbacks for the end of a meeting, by its id. */
const waiting = new Map<string, () => void>();
const stack: TestStack = await startTestStack({
  workers: 3, // They share no memory; a test stops the third one.
  chime: {
    onEvent: ({ detail }) => {
      if (detail.eventType === "chime:MeetingEnded") waiting.get(detail.meetingId)?.();
    },
  },
});
Deno.test.afterAll(() => stack.stop());

/** The URL of a visit at one process of the function. */
function at(process: number, visit: TestVisit): string {
  return `${stack.functions[process]?.url}/chime-page/${visit.id}`;
}

const open = async (process: number, visit: TestVisit, person: TestPerson) =>
  await pageData(await fetch(at(process, visit), { headers: bearer(person.token) }));

const end = (process: number, visit: TestVisit, session: string) =>
  fetch(`${at(process, visit)}/end`, { method: "POST", headers: bearer(session) });

/** Adds another provider to a visit. */
async function addProvider(visit: TestVisit): Promise<TestPerson> {
  const [subject, id] = [crypto.randomUUID(), crypto.randomUUID()];
  const row = { id, subject, role: "provider", name: "Dr. Fotso", locale: null } as const;
  await insertParticipant(stack.supabase.sql, visit.id, row);
  return { subject, participantId: id, token: await stack.issuer.token(subject) };
}

/** The meetings of a visit: their rows, and those that are live at Chime. */
async function meetingsOf(visit: TestVisit) {
  const rows = await stack.supabase.sql(
    `select id, chime->>'MeetingId' as chime, ended_at is null as live
     from chime_page.meetings where appointment_id = $1 order by claimed_at`,
    [visit.id],
  );
  const ids = new Set(rows.map((row) => row["id"]));
  const alive = stack.chime.meetings()
    .filter((one) => ids.has(one.externalMeetingId) && one.ended === null)
    .map((one) => one.meetingId);
  return { rows, alive };
}

/** Makes Chime refuse the next call about one meeting; calls about others may still be under way. */
function refuseOnce(
  operation: "CreateAttendee" | "DeleteMeeting" | "GetMeeting",
  error: "ForbiddenException" | "NotFoundException",
  join: JoinInfo | null,
): void {
  assert.ok(join);
  stack.chime.faults.add({ kind: "error", operation, error, meeting: join.meeting.MeetingId });
}

/** Asserts that Chime has no live meeting but that of the live row. */
async function assertNoOrphan(visit: TestVisit): Promise<void> {
  const { rows, alive } = await meetingsOf(visit);
  assert.deepEqual(alive, rows.filter((row) => row["live"]).map((row) => row["chime"]));
}

/** Waits until the database has no live meeting of a visit, without blocking it: it is in this process. */
async function endedHere(visit: TestVisit): Promise<void> {
  while ((await meetingsOf(visit)).rows.some((row) => row["live"])) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** Waits until Chime has ended a meeting. */
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
      `a visit that is ended in ${where} during CreateMeeting (held ${when} it) leaves no orphaned meeting`,
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
        assert.deepEqual(alive, [joined], "a person who joined meanwhile is in the live meeting");
      },
    );
  }
}

looseTest("a meeting whose creation was never recorded is ended too", async () => {
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
  "an end that Chime refused is reported, and the same request finishes it",
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
    assert.equal(deletions(), before, "a finished end calls Chime no more");
  },
);

looseTest("an end that Chime refused is finished by the next opening", async () => {
  const visit = await createVisit(stack);
  const { api, join } = await open(0, visit, visit.provider);
  refuseOnce("DeleteMeeting", "ForbiddenException", join);
  await (await end(0, visit, api.session)).body?.cancel();
  assert.equal((await open(1, visit, visit.patient)).state, "waiting");
  await ended(join?.meeting.MeetingId);
});

looseTest(
  "a provider who joins while another one ends the visit is in the live meeting",
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

looseTest("ending one visit does not affect others", async () => {
  const [visit, other] = [await createVisit(stack), await createVisit(stack)];
  const { api } = await open(0, visit, visit.provider);
  const kept = (await open(0, other, other.provider)).join?.meeting.MeetingId;
  assert.equal((await end(0, visit, api.session)).status, 204);
  assert.equal((await end(0, other, api.session)).status, 401, "a session belongs to one visit");
  assert.deepEqual((await meetingsOf(other)).alive, [kept]);
});

looseTest(
  "after an end the patient waits, and a provider who comes back joins them in a new meeting",
  async () => {
    const visit = await createVisit(stack);
    const before = await open(0, visit, visit.provider);
    const patient = await open(1, visit, visit.patient);
    await (await end(0, visit, before.api.session)).body?.cancel();
    const headers = bearer(patient.api.session);
    const status = async () => await (await fetch(`${at(1, visit)}/status`, { headers })).json();
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

looseTest("a single false NotFound does not separate two people", async () => {
  const visit = await createVisit(stack);
  const provider = await open(0, visit, visit.provider);
  refuseOnce("CreateAttendee", "NotFoundException", provider.join);
  const patient = await open(1, visit, visit.patient);
  assert.equal(patient.join?.meeting.MeetingId, provider.join?.meeting.MeetingId);
});

looseTest(
  "a meeting that is replaced by mistake is deleted, so that nobody stays in it alone",
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
  "a process that dies after CreateMeeting and before recording it is healed by the next opening",
  async () => {
    const visit = await createVisit(stack);
    const hold = stack.chime.faults.hold("CreateMeeting", "after");
    const lost = fetch(at(2, visit), {
      headers: bearer(visit.provider.token),
    });
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
