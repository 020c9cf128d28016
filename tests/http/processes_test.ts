import assert from "node:assert/strict";
import { startPostgres } from "../support/postgres.ts";
import {
  bearer,
  chimeCalls,
  createVisit,
  openByToken,
  pageData,
  startTestStack,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const postgres = await startPostgres();
const stack = await startTestStack({
  database: { kind: "postgres", url: postgres.url },
  workers: 2,
});
Deno.test.afterAll(async () => {
  await stack.stop();
  await postgres.stop();
});

looseTest(
  "fifty simultaneous openings by two people over two processes create one meeting",
  async () => {
    assert.equal(stack.functions.length, 2);
    const visit = await createVisit(stack);
    // A patient who comes before the provider waits, and gets no meeting.
    const provider = await openByToken(visit, visit.provider);
    await provider.body?.cancel();
    await stack.supabase.sql("delete from chime_page.meetings where appointment_id = $1", [
      visit.id,
    ]);
    const before = stack.chime.meetings().length;
    const mark = stack.chime.requests().length;

    const answers = await Promise.all(
      Array.from(
        { length: 50 },
        (_, i) => openByToken(visit, i % 2 === 0 ? visit.provider : visit.patient),
      ),
    );
    assert.deepEqual(new Set(answers.map((one) => one.status)), new Set([200]));
    const pages = await Promise.all(answers.map(pageData));
    const open = pages.filter((page) => page.join !== null);
    assert.ok(open.length >= 25, "every provider is in the meeting");
    assert.equal(new Set(open.map((page) => page.join?.meeting.MeetingId)).size, 1);
    assert.equal(stack.chime.meetings().length, before + 1);
    assert.ok(chimeCalls(stack, "CreateMeeting", mark) <= 2, "at most one call for each process");
    const attendees = new Set(open.map((page) => page.join?.attendee.AttendeeId));
    assert.ok(attendees.size <= 2);
  },
);

looseTest("each process serves a session that the other one started", async () => {
  const visit = await createVisit(stack);
  const data = await pageData(await openByToken(visit, visit.provider));
  const statuses = await Promise.all(stack.functions.map(async (one) => {
    const answer = await fetch(`${one.url}/chime-page/${visit.id}/status`, {
      headers: bearer(data.api.session),
    });
    return (await answer.json()).state;
  }));
  assert.deepEqual(statuses, ["open", "open"]);
});

looseTest(
  "without a waiting room fifty people at a new visit create one meeting too",
  async () => {
    const open = await startTestStack({
      database: { kind: "postgres", url: await postgres.createDatabase("without_waiting_room") },
      workers: 2,
      environment: { CHIME_PAGE_WAITING_ROOM: "off" },
    });
    try {
      const visit = await createVisit(open);
      const answers = await Promise.all(
        Array.from(
          { length: 50 },
          (_, i) => openByToken(visit, i % 2 === 0 ? visit.provider : visit.patient),
        ),
      );
      const pages = await Promise.all(answers.map(pageData));
      assert.equal(new Set(pages.map((page) => page.join?.meeting.MeetingId)).size, 1);
      assert.equal(open.chime.meetings().length, 1);
      assert.equal(new Set(pages.map((page) => page.join?.attendee.AttendeeId)).size, 2);
    } finally {
      await open.stop();
    }
  },
);
