import assert from "node:assert/strict";
import {
  at,
  callerOf,
  eventsOf,
  makePass,
  makeSession,
  makeVisit,
  newHash,
  startEmpty,
} from "./support.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

Deno.test("somebody with a verified subject gets the visit, the people in it and themselves", async () => {
  const visit = await makeVisit(sql);
  const session = newHash();
  const answer = await call("open", {
    p_appointment: visit.id,
    p_now: at(-60),
    p_subject: visit.patient,
    p_new_session: session,
  });
  assert.deepEqual(answer, {
    outcome: "found",
    via: "subject",
    appointment: {
      id: visit.id,
      starts_at: "2027-03-01T12:00:00+00:00",
      ends_at: "2027-03-01T12:30:00+00:00",
      status: "scheduled",
      video_enabled: true,
      media_region: null,
    },
    participant: {
      participant_id: visit.patientId,
      role: "patient",
      display_name: "Aïcha Bello",
      locale: "fr",
      time_zone: null,
    },
    people: [
      { participant_id: visit.providerId, role: "provider", display_name: "Dr. Hélène Mbarga" },
      { participant_id: visit.patientId, role: "patient", display_name: "Aïcha Bello" },
    ],
    present: [visit.patientId],
    provider_in: false,
    session_expires_at: "2027-03-01T13:30:00+00:00",
    meeting: null,
    to_delete: [],
  });
});

Deno.test("a stranger and a visit that does not exist get the same answer", async () => {
  const visit = await makeVisit(sql);
  const stranger = { p_now: at(0), p_subject: "somebody-else", p_new_session: newHash() };
  const expected = { outcome: "visit-not-found" };
  assert.deepEqual(await call("open", { p_appointment: visit.id, ...stranger }), expected);
  const nowhere = crypto.randomUUID();
  assert.deepEqual(await call("open", { p_appointment: nowhere, ...stranger }), expected);
  assert.deepEqual(await eventsOf(sql, visit.id), []);
});

Deno.test("nobody in particular, or somebody with an empty subject, is not let in", async () => {
  const visit = await makeVisit(sql);
  const nobody = { p_appointment: visit.id, p_now: at(0) };
  assert.deepEqual(await call("open", nobody), { outcome: "unauthenticated" });
  const empty = await call("open", { ...nobody, p_subject: "" });
  assert.deepEqual(empty, { outcome: "visit-not-found" });
});

Deno.test("a pass opens once, and says the second time that it is spent", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient);
  const opening = { p_appointment: visit.id, p_now: at(1), p_pass: pass };
  const first = await call("open", { ...opening, p_new_session: newHash() });
  assert.equal(first.outcome, "found");
  assert.equal(first["via"], "pass");
  assert.deepEqual(await call("open", { ...opening, p_new_session: newHash() }), {
    outcome: "pass-spent",
  });
  assert.deepEqual(await eventsOf(sql, visit.id), [
    "pass-created",
    "pass-spent",
    "session-started",
  ]);
});

Deno.test("a pass ends at its last instant, and a late one says so without being spent", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient, at(2));
  const opening = { p_appointment: visit.id, p_pass: pass };
  const late = await call("open", { ...opening, p_now: at(2) });
  assert.deepEqual(late, { outcome: "pass-expired" });
  const inTime = await call("open", { ...opening, p_now: at(1.999) });
  assert.equal(inTime.outcome, "found");
});

Deno.test("an unknown pass and the pass of another visit are nobody's, and the latter stays good", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  const pass = await makePass(call, other.id, other.patient);
  const expected = { outcome: "unauthenticated" };
  const opening = { p_appointment: visit.id, p_now: at(0) };
  assert.deepEqual(await call("open", { ...opening, p_pass: newHash() }), expected);
  assert.deepEqual(await call("open", { ...opening, p_pass: pass }), expected);
  const right = await call("open", { p_appointment: other.id, p_now: at(0), p_pass: pass });
  assert.equal(right.outcome, "found");
});

Deno.test("the pass of somebody who was taken off the visit is not spent", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient);
  await sql("delete from public.visit_participants where id = $1", [visit.patientId]);
  const answer = await call("open", { p_appointment: visit.id, p_now: at(0), p_pass: pass });
  assert.deepEqual(answer, { outcome: "visit-not-found" });
  const [row] = await sql("select spent_at from chime_page.passes where appointment_id = $1", [
    visit.id,
  ]);
  assert.deepEqual(row, { spent_at: null });
});

Deno.test("a spent, an expired and an unknown pass all fall back to a live session", async () => {
  const visit = await makeVisit(sql);
  const spent = await makePass(call, visit.id, visit.patient);
  const session = newHash();
  const opening = { p_appointment: visit.id, p_now: at(0) };
  await call("open", { ...opening, p_pass: spent, p_new_session: session });
  const expired = await makePass(call, visit.id, visit.patient, at(-1));
  for (const pass of [spent, expired, newHash()]) {
    const answer = await call("open", { ...opening, p_pass: pass, p_session: session });
    assert.equal(answer.outcome, "found");
    assert.equal(answer["via"], "session");
  }
});

Deno.test("a subject counts before a pass, which is then kept", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient);
  const opening = { p_appointment: visit.id, p_now: at(0), p_pass: pass };
  const bySubject = await call("open", { ...opening, p_subject: visit.provider });
  assert.equal(bySubject["via"], "subject");
  const byPass = await call("open", opening);
  assert.equal(byPass["via"], "pass");
});

Deno.test("a session belongs to one visit and ends at its last instant", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  const session = await makeSession(call, visit.id, visit.patient);
  const outcome = async (appointment: string, now: string) =>
    (await call("open", { p_appointment: appointment, p_now: now, p_session: session })).outcome;
  assert.equal(await outcome(other.id, at(0)), "unauthenticated");
  assert.equal(await outcome(visit.id, at(89.999)), "found");
  assert.equal(await outcome(visit.id, at(90)), "unauthenticated");
});

Deno.test("the session of somebody who was taken off the visit is a stranger's", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient);
  await sql("delete from public.visit_participants where id = $1", [visit.patientId]);
  const answer = await call("open", { p_appointment: visit.id, p_now: at(0), p_session: session });
  assert.deepEqual(answer, { outcome: "visit-not-found" });
});

Deno.test("coming by session starts no further session and keeps its end", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient);
  const answer = await call("open", {
    p_appointment: visit.id,
    p_now: at(5),
    p_session: session,
    p_new_session: newHash(),
  });
  assert.equal(answer["session_expires_at"], "2027-03-01T13:30:00+00:00");
  const rows = await sql("select 1 from chime_page.sessions where appointment_id = $1", [visit.id]);
  assert.equal(rows.length, 1);
});

Deno.test("a session lasts until the visit closes, an hour at least and a day at most", async () => {
  const expiry = async (now: string, endsAt: string) => {
    const visit = await makeVisit(sql, { endsAt });
    const answer = await call("open", {
      p_appointment: visit.id,
      p_now: now,
      p_subject: visit.provider,
      p_new_session: newHash(),
      p_closes_after_minutes: 10,
    });
    return new Date(String(answer["session_expires_at"])).toISOString();
  };
  assert.equal(await expiry(at(-55), at(30)), at(40));
  assert.equal(await expiry(at(0), at(30)), at(60));
  assert.equal(await expiry(at(500), at(30)), at(560));
  assert.equal(await expiry(at(-6 * 24 * 60), at(30)), at(-5 * 24 * 60));
});

Deno.test("present are those whose page was heard of in the last 30 seconds", async () => {
  const visit = await makeVisit(sql);
  await makeSession(call, visit.id, visit.provider, at(0));
  const presentAt = async (now: string) =>
    (await call("open", { p_appointment: visit.id, p_now: now, p_subject: visit.patient }))[
      "present"
    ];
  assert.deepEqual(await presentAt(at(0.5)), [visit.providerId]);
  assert.deepEqual(await presentAt(at(0.501)), []);
});

Deno.test("asking again by session keeps a person present", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient, at(0));
  const again = { p_appointment: visit.id, p_now: at(5), p_session: session };
  assert.deepEqual((await call("open", again))["present"], [visit.patientId]);
});

Deno.test("a hash that is none is a loud fault, not a person without a pass", async () => {
  const visit = await makeVisit(sql);
  const opening = { p_appointment: visit.id, p_now: at(0), p_pass: "not-a-hash" };
  await assert.rejects(call("open", opening), { code: "22023" });
});
