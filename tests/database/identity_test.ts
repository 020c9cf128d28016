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
} from "../support/database.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

Deno.test("a person with a verified subject gets the visit, its people and themselves", async () => {
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
      {
        participant_id: visit.providerId,
        role: "provider",
        display_name: "Dr. Hélène Mbarga",
        listed: true,
      },
      {
        participant_id: visit.patientId,
        role: "patient",
        display_name: "Aïcha Bello",
        listed: true,
      },
    ],
    present: [visit.patientId],
    provider_in: false,
    session_expires_at: "2027-03-01T13:30:00+00:00",
    meeting: null,
    to_delete: [],
  });
});

Deno.test("a stranger and an unknown visit get the same answer", async () => {
  const visit = await makeVisit(sql);
  const stranger = { p_now: at(0), p_subject: "somebody-else", p_new_session: newHash() };
  const expected = { outcome: "visit-not-found" };
  assert.deepEqual(await call("open", { p_appointment: visit.id, ...stranger }), expected);
  const nowhere = crypto.randomUUID();
  assert.deepEqual(await call("open", { p_appointment: nowhere, ...stranger }), expected);
  assert.deepEqual(await eventsOf(sql, visit.id), []);
});

Deno.test("no credential, or an empty subject, lets nobody in", async () => {
  const visit = await makeVisit(sql);
  const nobody = { p_appointment: visit.id, p_now: at(0) };
  assert.deepEqual(await call("open", nobody), { outcome: "unauthenticated" });
  const empty = await call("open", { ...nobody, p_subject: "" });
  assert.deepEqual(empty, { outcome: "visit-not-found" });
});

Deno.test("an expired token falls back to a session or a link of the same person", async () => {
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

Deno.test("a subject takes precedence over a pass, which is not spent", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient);
  const opening = { p_appointment: visit.id, p_now: at(0), p_pass: pass };
  const bySubject = await call("open", { ...opening, p_subject: visit.provider });
  assert.equal(bySubject["via"], "subject");
  const byPass = await call("open", opening);
  assert.equal(byPass["via"], "pass");
});

Deno.test("a malformed hash raises an error instead of counting as no pass", async () => {
  const visit = await makeVisit(sql);
  const opening = { p_appointment: visit.id, p_now: at(0), p_pass: "not-a-hash" };
  await assert.rejects(call("open", opening), { code: "22023" });
});
