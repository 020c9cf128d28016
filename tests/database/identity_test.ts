import assert from "node:assert/strict";
import {
  at,
  callerOf,
  eventsOf,
  makePass,
  makeSession,
  makeVisit,
  newHash,
  newToken,
  startEmpty,
} from "../support/database.ts";

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
    session: null,
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

Deno.test("a link that opened a page is used up when the page has spoken, and is counted once", async () => {
  const visit = await makeVisit(sql);
  const [pass, session] = [await makePass(call, visit.id, visit.patient), newHash()];
  const opening = { p_appointment: visit.id, p_now: at(1), p_pass: pass };
  const first = await call("open", { ...opening, p_new_session: session });
  assert.deepEqual([first.outcome, first["via"]], ["found", "pass"]);
  await call("open", { p_appointment: visit.id, p_now: at(1.01), p_session: session });
  assert.deepEqual(
    await call("open", { ...opening, p_now: at(1.02), p_new_session: newHash() }),
    { outcome: "pass-spent" },
  );
  assert.deepEqual(await eventsOf(sql, visit.id), [
    "pass-created",
    "pass-spent",
    "session-started",
  ]);
});

Deno.test("a page speaks by each of its calls: status, join and end, and events", async () => {
  const words: Record<string, (visit: string, session: string) => Promise<unknown>> = {
    "a call": (id, session) =>
      call("open", { p_appointment: id, p_now: at(1), p_session: session, p_claim: newToken() }),
    "events": (id, session) =>
      call("record", { p_appointment: id, p_now: at(1), p_session: session, p_events: [] }),
  };
  for (const [name, speak] of Object.entries(words)) {
    const visit = await makeVisit(sql);
    const [pass, session] = [await makePass(call, visit.id, visit.patient), newHash()];
    const opening = { p_appointment: visit.id, p_now: at(1), p_pass: pass };
    await call("open", { ...opening, p_new_session: session });
    await speak(visit.id, session);
    const again = await call("open", { ...opening, p_new_session: newHash() });
    assert.equal(again.outcome, "pass-spent", name);
  }
});

Deno.test("a link whose answer was lost opens again for a minute, and only its latest page lives", async () => {
  const visit = await makeVisit(sql);
  const [pass, lost, kept] = [
    await makePass(call, visit.id, visit.patient),
    newHash(),
    newHash(),
  ];
  const opening = { p_appointment: visit.id, p_pass: pass };
  const open = (minute: number, session: string) =>
    call("open", { ...opening, p_now: at(minute), p_new_session: session });
  assert.equal((await open(1, lost)).outcome, "found");
  const again = await open(1.999, kept);
  assert.deepEqual([again.outcome, again["via"]], ["found", "pass"]);
  assert.deepEqual(again["present"], [visit.patientId]);
  const by = async (session: string) =>
    (await call("open", { p_appointment: visit.id, p_now: at(1.999), p_session: session })).outcome;
  assert.equal(await by(lost), "unauthenticated");
  assert.equal(await by(kept), "found");
  assert.deepEqual(await eventsOf(sql, visit.id), [
    "pass-created",
    "pass-spent",
    "session-started",
    "access-revoked",
    "session-started",
  ]);
});

Deno.test("a minute after it was first opened a link is used up, whoever opened it since", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient, at(10));
  const open = async (minute: number) =>
    (await call("open", {
      p_appointment: visit.id,
      p_pass: pass,
      p_now: at(minute),
      p_new_session: newHash(),
    })).outcome;
  assert.deepEqual([await open(1), await open(1.9), await open(2)], [
    "found",
    "found",
    "pass-spent",
  ]);
});

Deno.test("a link that ends within the minute after it was opened still opens again in it", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient, at(2));
  const open = async (minute: number) =>
    (await call("open", {
      p_appointment: visit.id,
      p_pass: pass,
      p_now: at(minute),
      p_new_session: newHash(),
    })).outcome;
  assert.deepEqual([await open(1.9), await open(2.5), await open(2.9)], [
    "found",
    "found",
    "pass-spent",
  ]);
});

Deno.test("a browser that asks again with the page's own session keeps it", async () => {
  const visit = await makeVisit(sql);
  const [pass, session] = [await makePass(call, visit.id, visit.patient), newHash()];
  const opening = { p_appointment: visit.id, p_now: at(1), p_pass: pass };
  await call("open", { ...opening, p_new_session: session });
  const again = await call("open", {
    ...opening,
    p_session: `${newHash()},${session}`,
    p_new_session: newHash(),
  });
  assert.deepEqual([again["via"], again["session"]], ["session", session]);
  const rows = await sql("select 1 from chime_page.sessions where appointment_id = $1", [visit.id]);
  assert.equal(rows.length, 1);
});

Deno.test("the server's own second look within one request does not use the link up", async () => {
  const visit = await makeVisit(sql);
  const [pass, session] = [await makePass(call, visit.id, visit.patient), newHash()];
  const opening = { p_appointment: visit.id, p_now: at(1) };
  await call("open", { ...opening, p_pass: pass, p_new_session: session });
  await call("open", { ...opening, p_session: session, p_new_session: session });
  const again = await call("open", { ...opening, p_pass: pass, p_new_session: newHash() });
  assert.equal(again.outcome, "found");
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
  const [row] = await sql(
    "select opened_at, spent_at from chime_page.passes where appointment_id = $1",
    [visit.id],
  );
  assert.deepEqual(row, { opened_at: null, spent_at: null });
});

Deno.test("a link that opens nothing any more falls back to a live session of its own person alone", async () => {
  const visit = await makeVisit(sql);
  const own = await makeSession(call, visit.id, visit.patient);
  const others = await makeSession(call, visit.id, visit.provider);
  const opening = { p_appointment: visit.id, p_now: at(0) };
  const spent = await makePass(call, visit.id, visit.patient);
  await call("open", { ...opening, p_pass: spent });
  const expired = await makePass(call, visit.id, visit.patient, at(-1));
  const revoked = await makePass(call, visit.id, visit.patient);
  await sql("update chime_page.passes set revoked_at = $1 where hash = decode($2, 'hex')", [
    at(0),
    revoked,
  ]);
  const links = {
    "pass-spent": spent,
    "pass-expired": expired,
    "unauthenticated": revoked,
  };
  for (const [outcome, pass] of Object.entries(links)) {
    const byOwn = await call("open", { ...opening, p_pass: pass, p_session: own });
    assert.deepEqual([byOwn.outcome, byOwn["session"]], ["found", own], outcome);
    const byBoth = await call("open", {
      ...opening,
      p_pass: pass,
      p_session: `${own},${others}`,
    });
    assert.equal(byBoth["session"], own, outcome);
    const byOthers = await call("open", { ...opening, p_pass: pass, p_session: others });
    assert.deepEqual(byOthers, { outcome });
  }
});

Deno.test("a link that nobody knows brings nobody in, whatever session comes with it", async () => {
  const visit = await makeVisit(sql);
  const session = await makeSession(call, visit.id, visit.patient);
  const opening = { p_appointment: visit.id, p_now: at(0), p_session: session };
  assert.deepEqual(await call("open", { ...opening, p_pass: newHash() }), {
    outcome: "unauthenticated",
  });
});

Deno.test("of several sessions the one that began last counts, as long as it lives", async () => {
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

Deno.test("a token that has only expired leaves it to a session or a link of the same person", async () => {
  const visit = await makeVisit(sql);
  const own = await makeSession(call, visit.id, visit.patient);
  const others = await makeSession(call, visit.id, visit.provider, at(0.1));
  const opening = {
    p_appointment: visit.id,
    p_now: at(1),
    p_expired_subject: visit.patient,
  };
  const refused = { outcome: "unauthenticated" };
  const both = await call("open", { ...opening, p_session: `${own},${others}` });
  assert.deepEqual([both.outcome, both["session"]], ["found", own]);
  assert.deepEqual(await call("open", { ...opening, p_session: others }), refused);
  assert.deepEqual(await call("open", opening), refused);
  const [theirs, mine] = [
    await makePass(call, visit.id, visit.provider),
    await makePass(call, visit.id, visit.patient),
  ];
  assert.deepEqual(await call("open", { ...opening, p_pass: theirs, p_session: own }), refused);
  assert.equal((await call("open", { ...opening, p_pass: mine }))["via"], "pass");
  assert.equal(
    (await call("open", { ...opening, p_pass: theirs, p_expired_subject: null }))["via"],
    "pass",
  );
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
