import assert from "node:assert/strict";
import { at, callerOf, makeSession, makeVisit, newHash, startEmpty } from "../support/database.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

Deno.test("of several sessions the latest one counts, until it is revoked", async () => {
  const visit = await makeVisit(sql);
  const first = await makeSession(call, visit.id, visit.provider, at(0));
  const last = await makeSession(call, visit.id, visit.patient, at(1));
  const opening = { p_appointment: visit.id, p_now: at(2) };
  for (const p_session of [`${first},${last}`, `${last},${first}`]) {
    assert.equal((await call("open", { ...opening, p_session }))["session"], last);
  }
  await sql("select chime_page.revoke($1, $2)", [visit.id, visit.patientId]);
  const left = await call("open", { ...opening, p_session: `${first},${last}` });
  assert.equal(left["session"], first);
});

Deno.test("a session belongs to one visit and expires to the millisecond", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  const session = await makeSession(call, visit.id, visit.patient);
  const outcome = async (appointment: string, now: string) =>
    (await call("open", { p_appointment: appointment, p_now: now, p_session: session })).outcome;
  assert.equal(await outcome(other.id, at(0)), "unauthenticated");
  assert.equal(await outcome(visit.id, at(89.999)), "found");
  assert.equal(await outcome(visit.id, at(90)), "unauthenticated");
});

Deno.test("the session of a person who was removed from the visit is a stranger's", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient);
  await sql("delete from public.visit_participants where id = $1", [visit.patientId]);
  const answer = await call("open", { p_appointment: visit.id, p_now: at(0), p_session: session });
  assert.deepEqual(answer, { outcome: "visit-not-found" });
});

Deno.test("opening by session starts no further session and does not extend it", async () => {
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

Deno.test("a session lasts until the visit closes, for at least an hour and at most a day", async () => {
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

Deno.test("the session of a person who waits is kept until the visit closes, for a month at most", async () => {
  const keep = async (visit: { id: string }, p_session: string, now: string) => {
    const answer = await call("session_keep", {
      p_appointment: visit.id,
      p_session,
      p_closes_after_minutes: 10,
      p_now: now,
    });
    const expires = answer["expires_at"];
    return expires === undefined ? answer.outcome : new Date(String(expires)).toISOString();
  };
  const days = (count: number) => count * 24 * 60;
  const visit = await makeVisit(sql, { startsAt: at(0), endsAt: at(30) });
  const session = await makeSession(call, visit.id, visit.patient, at(days(-3)));
  assert.equal(await keep(visit, session, at(days(-2.5))), at(40));
  assert.equal(await keep(visit, session, at(days(-2))), at(40));
  // A visit that has started extends nothing.
  assert.equal(await keep(visit, session, at(5)), at(40));
  assert.equal(await keep(visit, session, at(40)), "unauthenticated");
  assert.equal(await keep(await makeVisit(sql), session, at(-60)), "unauthenticated");

  const late = await makeVisit(sql, { startsAt: at(days(60)), endsAt: at(days(60) + 30) });
  const waiting = await makeSession(call, late.id, late.patient, at(0));
  assert.equal(await keep(late, waiting, at(1)), at(days(31) + 1));
  await sql("select chime_page.revoke($1, $2)", [late.id, late.patientId]);
  assert.equal(await keep(late, waiting, at(2)), "unauthenticated");
});

Deno.test("people are present for 30 seconds after their page's last request", async () => {
  const visit = await makeVisit(sql);
  await makeSession(call, visit.id, visit.provider, at(0));
  const presentAt = async (now: string) =>
    (await call("open", { p_appointment: visit.id, p_now: now, p_subject: visit.patient }))[
      "present"
    ];
  assert.deepEqual(await presentAt(at(0.5)), [visit.providerId]);
  assert.deepEqual(await presentAt(at(0.501)), []);
});

Deno.test("requests by session keep a person present", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient, at(0));
  const again = { p_appointment: visit.id, p_now: at(5), p_session: session };
  assert.deepEqual((await call("open", again))["present"], [visit.patientId]);
});
