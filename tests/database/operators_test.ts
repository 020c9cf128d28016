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

Deno.test("revoking ends all links and sessions of one person in one visit, and nobody else's", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient);
  const session = await makeSession(call, visit.id, visit.patient);
  const others = await makeSession(call, visit.id, visit.provider);
  const [row] = await sql("select chime_page.revoke($1, $2) as counts", [
    visit.id,
    visit.patientId,
  ]);
  assert.deepEqual(row, { counts: { passes: 1, sessions: 1 } });

  const opening = { p_appointment: visit.id, p_now: at(0) };
  const refused = { outcome: "unauthenticated" };
  assert.deepEqual(await call("open", { ...opening, p_pass: pass }), refused);
  assert.deepEqual(await call("open", { ...opening, p_session: session }), refused);
  const provider = await call("open", { ...opening, p_session: others });
  assert.equal(provider.outcome, "found");
  assert.deepEqual(provider["present"], [visit.providerId]);
  assert.equal((await eventsOf(sql, visit.id)).at(-1), "access-revoked");
});

Deno.test("revoking ends opened links, by-tap links and the sessions they started", async () => {
  const visit = await makeVisit(sql);
  const [opened, travels, session] = [
    await makePass(call, visit.id, visit.patient),
    newHash(),
    newHash(),
  ];
  const opening = { p_appointment: visit.id, p_now: at(0) };
  await call("open", { ...opening, p_pass: opened, p_new_session: session });
  await call("pass_create", {
    p_appointment: visit.id,
    p_subject: visit.patient,
    p_pass: travels,
    p_opens: "by-tap",
    p_expires_at: null,
    p_closes_after_minutes: 60,
    p_now: at(0),
  });
  await sql("select chime_page.revoke($1, $2)", [visit.id, visit.patientId]);
  const refused = { outcome: "unauthenticated" };
  for (const p_pass of [opened, travels]) {
    const again = { ...opening, p_pass, p_session: session, p_new_session: newHash() };
    assert.deepEqual(await call("open", again), refused);
  }
});

Deno.test("purging deletes what ended before a given time, and no meetings", async () => {
  const visit = await makeVisit(sql);
  await makePass(call, visit.id, visit.patient, at(2));
  await makePass(call, visit.id, visit.patient, at(80));
  await makeSession(call, visit.id, visit.patient, at(0));
  const kept = async () => {
    const [row] = await sql(
      `select
         (select count(*)::int from chime_page.passes where appointment_id = $1) as passes,
         (select count(*)::int from chime_page.sessions where appointment_id = $1) as sessions,
         (select count(*)::int from chime_page.events where appointment_id = $1) as events`,
      [visit.id],
    );
    return row;
  };
  await sql("select chime_page.purge($1)", [at(0)]);
  assert.deepEqual(await kept(), { passes: 2, sessions: 1, events: 3 });
  await sql("select chime_page.purge($1)", [at(10)]);
  assert.deepEqual(await kept(), { passes: 1, sessions: 1, events: 0 });
  await sql("select chime_page.purge($1)", [at(91)]);
  assert.deepEqual(await kept(), { passes: 0, sessions: 0, events: 0 });
});

Deno.test("after a purge events are append-only again, even in the same transaction", async () => {
  const visit = await makeVisit(sql);
  await makeSession(call, visit.id, visit.patient);
  const script = `select chime_page.purge('2020-01-01'); delete from chime_page.events;`;
  await assert.rejects(supabase.script(script), /append-only/);
});
