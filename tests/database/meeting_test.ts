import assert from "node:assert/strict";
import {
  at,
  callerOf,
  eventsOf,
  makeSession,
  makeVisit,
  newToken,
  startEmpty,
  type Visit,
} from "../support/database.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

const chime = {
  MeetingId: "854c0a7c-0000-4000-8000-1234567890ab",
  MediaRegion: "eu-central-1",
  MediaPlacement: { AudioHostUrl: "wss://example.org" },
};

interface Meeting {
  readonly id: string;
  readonly request_token: string;
  readonly chime: unknown;
}

/** Opens the visit as its provider and returns the meeting. */
async function openAsProvider(visit: Visit, more: Record<string, unknown> = {}): Promise<Meeting> {
  const answer = await call("open", {
    p_appointment: visit.id,
    p_now: at(0),
    p_subject: visit.provider,
    p_claim: newToken(),
    ...more,
  });
  return answer["meeting"] as Meeting;
}

const created = (meeting: string, value: unknown = chime) =>
  call("meeting_created", { p_meeting: meeting, p_chime: value, p_now: at(1) });

const ended = (meeting: string, by: string | null = null) =>
  call("meeting_ended", { p_meeting: meeting, p_reason: "by-provider", p_by: by, p_now: at(2) });

Deno.test("a claim is stored with its request token, and later claims get the same meeting", async () => {
  const visit = await makeVisit(sql);
  const token = newToken();
  const first = await openAsProvider(visit, { p_claim: token });
  assert.equal(first.request_token, token);
  assert.equal(first.chime, null);
  assert.deepEqual(await openAsProvider(visit), first);
  assert.deepEqual(await eventsOf(sql, visit.id), ["meeting-claimed"]);
});

Deno.test("Chime's response is stored once and returned from then on", async () => {
  const visit = await makeVisit(sql);
  const { id } = await openAsProvider(visit);
  assert.deepEqual(await created(id), { outcome: "stored" });
  assert.deepEqual(await created(id), { outcome: "stored" });
  assert.deepEqual((await openAsProvider(visit)).chime, chime);
  assert.deepEqual(await eventsOf(sql, visit.id), ["meeting-claimed", "meeting-created"]);
});

Deno.test("a meeting that has ended or never existed is gone", async () => {
  const visit = await makeVisit(sql);
  const { id } = await openAsProvider(visit);
  await ended(id);
  assert.deepEqual(await created(id), { outcome: "gone" });
  assert.deepEqual(await created(crypto.randomUUID()), { outcome: "gone" });
});

Deno.test("a join token is refused at any depth and in any spelling", async () => {
  const visit = await makeVisit(sql);
  const { id } = await openAsProvider(visit);
  const attendee = { AttendeeId: "1", JoinToken: "secret" };
  for (
    const value of [
      { ...chime, JoinToken: "secret" },
      { ...chime, Attendee: attendee },
      { ...chime, Attendees: [attendee] },
      { ...chime, joinToken: "secret" },
    ]
  ) {
    await assert.rejects(
      created(id, value),
      /"meetings_hold_no_join_token"/,
      JSON.stringify(value),
    );
  }
  assert.equal((await openAsProvider(visit)).chime, null);
});

Deno.test("a meeting must be a JSON object", async () => {
  const { id } = await openAsProvider(await makeVisit(sql));
  for (const value of [[], [chime], null]) {
    await assert.rejects(created(id, value), /"meetings_(chime|created)_/, JSON.stringify(value));
  }
});

Deno.test("a meeting ends once, and after that patients wait until a provider claims a new one", async () => {
  const visit = await makeVisit(sql);
  const first = await openAsProvider(visit);
  assert.deepEqual(await ended(first.id, visit.providerId), { outcome: "ended" });
  assert.deepEqual(await ended(first.id), { outcome: "already-ended" });
  assert.deepEqual(await ended(crypto.randomUUID()), { outcome: "already-ended" });
  const patient = await call("open", {
    p_appointment: visit.id,
    p_now: at(3),
    p_subject: visit.patient,
    p_claim: newToken(),
  });
  assert.deepEqual([patient["meeting"], patient["provider_in"]], [null, false]);
  const second = await openAsProvider(visit);
  assert.notEqual(second.id, first.id);
  assert.notEqual(second.request_token, first.request_token);
  assert.deepEqual(await eventsOf(sql, visit.id), [
    "meeting-claimed",
    "meeting-ended",
    "meeting-claimed",
  ]);
});

Deno.test("a dead meeting is retired and replaced in one call", async () => {
  const visit = await makeVisit(sql);
  const dead = await openAsProvider(visit);
  const fresh = await openAsProvider(visit, { p_retire: dead.id });
  assert.notEqual(fresh.id, dead.id);
  const [row] = await sql("select end_reason from chime_page.meetings where id = $1", [dead.id]);
  assert.deepEqual(row, { end_reason: "not-found" });
});

Deno.test("retiring a meeting other than the visit's live one changes nothing", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  const dead = await openAsProvider(visit);
  const live = await openAsProvider(visit, { p_retire: dead.id });
  const foreign = await openAsProvider(other);
  assert.deepEqual(await openAsProvider(visit, { p_retire: dead.id }), live);
  assert.deepEqual(await openAsProvider(visit, { p_retire: foreign.id }), live);
  assert.deepEqual(await openAsProvider(other), foreign);
});

Deno.test("a stranger cannot retire a meeting", async () => {
  const visit = await makeVisit(sql);
  const live = await openAsProvider(visit);
  const retiring = { p_appointment: visit.id, p_now: at(0), p_retire: live.id };
  assert.equal((await call("open", retiring)).outcome, "unauthenticated");
  const stranger = await call("open", { ...retiring, p_subject: "somebody-else" });
  assert.equal(stranger.outcome, "visit-not-found");
  assert.deepEqual(await openAsProvider(visit), live);
});

Deno.test("a patient who retires the dead meeting waits for a provider again", async () => {
  const visit = await makeVisit(sql);
  const dead = await openAsProvider(visit);
  const answer = await call("open", {
    p_appointment: visit.id,
    p_now: at(1),
    p_session: await makeSession(call, visit.id, visit.patient),
    p_claim: newToken(),
    p_retire: dead.id,
  });
  assert.deepEqual([answer["meeting"], answer["provider_in"]], [null, false]);
});

Deno.test("a request token that Chime would refuse is refused", async () => {
  const visit = await makeVisit(sql);
  for (const token of ["x", "with space", "a".repeat(65), "ä-token"]) {
    await assert.rejects(
      openAsProvider(visit, { p_claim: token }),
      /"meetings_request_token"/,
      token,
    );
  }
});

Deno.test("the request token of an earlier meeting cannot be reused", async () => {
  const visit = await makeVisit(sql);
  const token = newToken();
  const dead = await openAsProvider(visit, { p_claim: token });
  const again = openAsProvider(visit, { p_claim: token, p_retire: dead.id });
  await assert.rejects(again, { code: "23505" });
});

const endVisit = (visit: Visit, now = at(2)) =>
  call("end_visit", { p_appointment: visit.id, p_by: visit.providerId, p_now: now });

const deleted = (meeting: string) => call("meeting_deleted", { p_meeting: meeting, p_now: at(3) });

/** Ids of the meetings that have to be deleted at Chime. */
const toDelete = (answer: Record<string, unknown>) =>
  (answer["to_delete"] as readonly Meeting[]).map((meeting) => meeting.id);

Deno.test("ending a visit ends the live meeting, and returns every meeting that Chime may still have", async () => {
  const visit = await makeVisit(sql);
  const first = await openAsProvider(visit);
  await created(first.id);
  const second = await openAsProvider(visit, { p_retire: first.id });
  const answer = await endVisit(visit);
  assert.equal(answer.outcome, "ended");
  assert.deepEqual(toDelete(answer), [first.id, second.id]);
  assert.deepEqual((answer["to_delete"] as readonly Meeting[]).map((one) => one.chime), [
    chime,
    null,
  ]);
  const rows = await sql(
    "select end_reason, ended_by from chime_page.meetings where id = $1",
    [second.id],
  );
  assert.deepEqual(rows, [{ end_reason: "ended-by-provider", ended_by: visit.providerId }]);
});

Deno.test("meetings to delete are returned at each end and each opening until they are deleted", async () => {
  const visit = await makeVisit(sql);
  const { id } = await openAsProvider(visit);
  await endVisit(visit);
  const openAgain = () =>
    call("open", { p_appointment: visit.id, p_now: at(3), p_subject: visit.patient });
  assert.deepEqual(toDelete(await openAgain()), [id]);
  assert.deepEqual(toDelete(await endVisit(visit)), [id]);
  assert.deepEqual(await deleted(id), { outcome: "deleted" });
  assert.deepEqual(await deleted(id), { outcome: "deleted" });
  assert.deepEqual(toDelete(await openAgain()), []);
  assert.deepEqual(toDelete(await endVisit(visit)), []);
});

Deno.test("a live meeting cannot be marked as deleted", async () => {
  const visit = await makeVisit(sql);
  const live = await openAsProvider(visit);
  assert.deepEqual(await deleted(live.id), { outcome: "live" });
  assert.deepEqual(await openAsProvider(visit), live);
});

Deno.test("after a day, when Chime has ended a meeting by itself, it no longer has to be deleted", async () => {
  const visit = await makeVisit(sql);
  const { id } = await openAsProvider(visit);
  assert.deepEqual(toDelete(await endVisit(visit)), [id]);
  assert.deepEqual(toDelete(await endVisit(visit, at(24 * 60))), []);
});

Deno.test("ending one visit does not end another", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  const live = await openAsProvider(other);
  await openAsProvider(visit);
  await endVisit(visit);
  assert.deepEqual(await openAsProvider(other), live);
});
