import assert from "node:assert/strict";
import {
  bearer,
  chimeCalls,
  cookieOf,
  createVisit,
  logLine,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
  type TestStack,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack: TestStack = await startTestStack({
  // Some of these tests wait for it.
  environment: { CHIME_PAGE_DEADLINE_SECONDS: "10" },
});
Deno.test.afterAll(() => stack.stop());

/** The calls that Chime received while `work` ran. */
async function during<T>(work: () => Promise<T>) {
  const mark = stack.chime.requests().length;
  const value = await work();
  return { value, calls: (operation: string) => chimeCalls(stack, operation, mark) };
}

async function roundTripsOf(answer: Response): Promise<unknown> {
  return (await logLine(stack, answer.headers.get("x-request-id")))["roundTrips"];
}

looseTest(
  "the first person creates one meeting and one attendee, and the second joins it",
  async () => {
    const visit = await createVisit(stack);
    const first = await during(() => openByToken(visit, visit.provider));
    assert.equal(first.value.status, 200);
    assert.deepEqual([first.calls("CreateMeeting"), first.calls("CreateAttendee")], [1, 1]);
    const second = await during(() => openByToken(visit, visit.patient));
    assert.deepEqual([second.calls("CreateMeeting"), second.calls("CreateAttendee")], [0, 1]);

    const [provider, patient] = [await pageData(first.value), await pageData(second.value)];
    assert.equal(provider.join?.meeting.MeetingId, patient.join?.meeting.MeetingId);
    assert.equal(provider.join?.attendee.ExternalUserId, visit.provider.participantId);
    assert.equal(patient.join?.attendee.ExternalUserId, visit.patient.participantId);
  },
);

looseTest("nothing personal reaches Chime", async () => {
  const visit = await createVisit(stack, {
    providerName: "Dr. Zoé Personal",
    patientName: "Secret",
  });
  await (await openByToken(visit, visit.provider)).body?.cancel();
  const told = JSON.stringify(stack.chime.meetings());
  assert.doesNotMatch(told, /Zoé|Personal|Secret/);
  for (const id of [visit.provider.subject, visit.id]) assert.ok(!told.includes(id));
});

looseTest(
  "a first join takes three round trips by pass and by token, a rejoin two, by session too",
  async () => {
    for (const way of ["pass", "token"]) {
      const visit = await createVisit(stack);
      const open = async () =>
        way === "token"
          ? await openByToken(visit, visit.provider)
          : await fetch(await passUrl(visit, visit.provider), { headers: { Accept: "text/html" } });
      const first = await open();
      assert.equal(first.status, 200);
      assert.equal(await roundTripsOf(first), 3, `first join by ${way}`);
      const again = await open();
      assert.equal(await roundTripsOf(again), 2, `rejoin by ${way}`);
      const bySession = await fetch(visit.url, { headers: { Cookie: cookieOf(first) } });
      assert.equal(bySession.status, 200);
      assert.equal(await roundTripsOf(bySession), 2, "reload by session");
      await Promise.all([first, again, bySession].map((one) => one.body?.cancel()));
    }
  },
);

looseTest(
  "a patient waits without a call to Chime until a provider is in, and then joins",
  async () => {
    const visit = await createVisit(stack);
    const early = await during(() => openByToken(visit, visit.patient));
    const waiting = await pageData(early.value);
    assert.equal(waiting.state, "waiting");
    assert.equal(waiting.join, null);
    assert.equal(early.calls("CreateMeeting") + early.calls("CreateAttendee"), 0);

    const authorization = bearer(waiting.api.session);
    const status = await fetch(`${waiting.api.base}/status`, { headers: authorization });
    assert.deepEqual((await status.json()).state, "waiting");
    const tooSoon = await fetch(`${waiting.api.base}/join`, {
      method: "POST",
      headers: authorization,
    });
    assert.equal(tooSoon.status, 403);
    assert.equal((await tooSoon.json()).type, "urn:chime-page:problem:not-allowed");

    const provider = await pageData(await openByToken(visit, visit.provider));
    const open = await fetch(`${waiting.api.base}/status`, { headers: authorization });
    const answer = await open.json();
    assert.equal(answer.state, "open");
    assert.deepEqual(
      new Set(answer.present),
      new Set([visit.provider.participantId, visit.patient.participantId]),
    );
    const joined = await fetch(`${waiting.api.base}/join`, {
      method: "POST",
      headers: authorization,
    });
    assert.equal(joined.status, 200);
    assert.equal((await joined.json()).meeting.MeetingId, provider.join?.meeting.MeetingId);
  },
);

looseTest("a person who rejoins gets the same attendee", async () => {
  const visit = await createVisit(stack);
  const first = await pageData(await openByToken(visit, visit.provider));
  const again = await pageData(await openByToken(visit, visit.provider));
  assert.equal(again.join?.attendee.AttendeeId, first.join?.attendee.AttendeeId);
});

looseTest("a meeting that Chime no longer knows is replaced once, for everybody", async () => {
  const visit = await createVisit(stack);
  const dead = (await pageData(await openByToken(visit, visit.provider))).join?.meeting.MeetingId;
  assert.ok(dead);
  stack.chime.faults.add({ kind: "end-meeting", meeting: dead });
  const replaced = await during(() =>
    Promise.all(Array.from({ length: 5 }, () => openByToken(visit, visit.provider)))
  );
  const ids = await Promise.all(
    replaced.value.map(async (one) => (await pageData(one)).join?.meeting.MeetingId),
  );
  assert.equal(new Set(ids).size, 1);
  assert.notEqual(ids[0], dead);
  const rows = await stack.supabase.sql(
    "select ended_at is null as live from chime_page.meetings where appointment_id = $1",
    [visit.id],
  );
  assert.deepEqual(rows.map((row) => row["live"]).sort(), [false, true]);
});

looseTest("meetings that keep disappearing end in a problem, not in a loop", async () => {
  const visit = await createVisit(stack);
  await (await openByToken(visit, visit.provider)).body?.cancel();
  for (const operation of ["CreateAttendee", "GetMeeting"] as const) {
    stack.chime.faults.add({ kind: "error", operation, error: "NotFoundException", times: 3 });
  }
  const answer = await during(() => openByToken(visit, visit.provider, { Accept: "*/*" }));
  assert.equal(answer.value.status, 502);
  assert.equal((await answer.value.json()).type, "urn:chime-page:problem:upstream-unavailable");
  assert.deepEqual([answer.calls("CreateMeeting"), answer.calls("CreateAttendee")], [2, 3]);
  const healed = await openByToken(visit, visit.provider);
  assert.equal(healed.status, 200);
  await healed.body?.cancel();
});

looseTest("conflict and throttling are waited out", async () => {
  for (const error of ["ConflictException", "ThrottlingException", "ServiceUnavailableException"]) {
    const visit = await createVisit(stack);
    stack.chime.faults.add({ kind: "error", operation: "CreateMeeting", error, times: 2 } as never);
    const answer = await openByToken(visit, visit.provider);
    assert.equal(answer.status, 200, error);
    await answer.body?.cancel();
  }
});

looseTest(
  "a lost response of Chime makes no second meeting: the stored request token is sent again",
  async () => {
    const visit = await createVisit(stack);
    const before = stack.chime.meetings().length;
    stack.chime.faults.add({ kind: "reset", operation: "CreateMeeting", times: 1, after: true });
    const answer = await openByToken(visit, visit.provider);
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
    assert.equal(stack.chime.meetings().length, before + 1);
  },
);

looseTest(
  "throttling beyond the deadline is answered busy with Retry-After, and the session works later",
  async () => {
    const visit = await createVisit(stack);
    stack.chime.faults.add({
      kind: "error",
      operation: "CreateMeeting",
      error: "ThrottlingException",
      times: 1000,
    });
    const answer = await openByToken(visit, visit.provider, { Accept: "*/*" });
    stack.chime.faults.clear();
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get("retry-after"), "5");
    assert.equal((await answer.json()).type, "urn:chime-page:problem:busy");
    // The person was already admitted: the same session opens the page once Chime is not throttling.
    const again = await fetch(visit.url, {
      headers: { Cookie: cookieOf(answer), Accept: "text/html" },
    });
    assert.equal(again.status, 200);
    await again.body?.cancel();
  },
);

looseTest(
  "a key that Chime refuses is answered misconfigured, without Chime's message",
  async () => {
    const visit = await createVisit(stack);
    stack.chime.faults.add({
      kind: "error",
      operation: "CreateMeeting",
      error: "ForbiddenException",
      times: 1,
      message: "User arn:aws:iam::1:user/x may not",
    } as never);
    const answer = await openByToken(visit, visit.provider, { Accept: "*/*" });
    assert.equal(answer.status, 500);
    const text = await answer.text();
    assert.match(text, /misconfigured/);
    assert.doesNotMatch(text, /arn:|Forbidden/);
    const line = await logLine(stack, answer.headers.get("x-request-id"));
    assert.equal(line["reason"], "ForbiddenException");
    assert.doesNotMatch(JSON.stringify(line), /arn:/);
  },
);

looseTest("a provider can end the meeting for everybody, a patient cannot", async () => {
  const visit = await createVisit(stack);
  const provider = await pageData(await openByToken(visit, visit.provider));
  const patient = await pageData(await openByToken(visit, visit.patient));
  const end = (session: string) =>
    fetch(`${visit.url}/end`, { method: "POST", headers: bearer(session) });
  const refused = await end(patient.api.session);
  assert.equal(refused.status, 403);
  await refused.body?.cancel();
  assert.equal((await end(provider.api.session)).status, 204);
  const meeting = stack.chime.meetings().find((one) =>
    one.meetingId === provider.join?.meeting.MeetingId
  );
  assert.ok(meeting?.ended);
  assert.equal((await end(provider.api.session)).status, 204, "ending twice is not an error");
  assert.equal((await pageData(await openByToken(visit, visit.patient))).state, "waiting");
});
