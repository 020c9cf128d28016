import assert from "node:assert/strict";
import {
  at,
  callerOf,
  makePass,
  makeVisit,
  newHash,
  newToken,
  startEmpty,
} from "../support/database.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

const SECOND = 1 / 60;

const open = (id: string, subject: string, now: string, more: Record<string, unknown> = {}) =>
  call("open", {
    p_appointment: id,
    p_now: now,
    p_subject: subject,
    p_new_session: newHash(),
    p_claim: newToken(),
    ...more,
  });

/** Opens the visit until it is refused, and returns how often that worked. */
async function openUntilRefused(id: string, subject: string, now: string): Promise<number> {
  for (let times = 0;; times++) {
    if ((await open(id, subject, now)).outcome !== "found") return times;
  }
}

Deno.test("30 openings are allowed at once, and then one every 20 seconds", async () => {
  const visit = await makeVisit(sql);
  assert.equal(await openUntilRefused(visit.id, visit.patient, at(0)), 30);
  const wait = async (seconds: number) =>
    (await open(visit.id, visit.patient, at(seconds * SECOND)))["retry_after_seconds"];
  assert.equal(await wait(0), 20);
  assert.equal(await wait(13), 7);
  assert.equal(await openUntilRefused(visit.id, visit.patient, at(20 * SECOND)), 1);
  assert.equal(await openUntilRefused(visit.id, visit.patient, at(60 * SECOND)), 2);
  assert.equal(
    await openUntilRefused(visit.id, visit.patient, at(11)),
    30,
    "the full allowance again",
  );
});

Deno.test("openings are counted for each person of each visit", async () => {
  const [visit, other] = [await makeVisit(sql), await makeVisit(sql)];
  await openUntilRefused(visit.id, visit.patient, at(0));
  assert.equal((await open(visit.id, visit.provider, at(0))).outcome, "found");
  assert.equal((await open(other.id, other.patient, at(0))).outcome, "found");
});

Deno.test("joining by session counts as an opening, asking for the status does not", async () => {
  const visit = await makeVisit(sql);
  const session = newHash();
  await open(visit.id, visit.patient, at(0), { p_new_session: session });
  const bySession = { p_subject: null, p_session: session, p_new_session: null };
  for (let times = 0; times < 40; times++) {
    const looked = await open(visit.id, "", at(0), { ...bySession, p_claim: null });
    assert.equal(looked.outcome, "found");
  }
  for (let times = 0; times < 29; times++) {
    assert.equal((await open(visit.id, "", at(0), bySession)).outcome, "found");
  }
  assert.equal((await open(visit.id, "", at(0), bySession)).outcome, "rate-limited");
});

Deno.test("a refused opening starts no session and claims no meeting", async () => {
  const visit = await makeVisit(sql);
  await openUntilRefused(visit.id, visit.provider, at(0));
  await sql("delete from chime_page.sessions where appointment_id = $1", [visit.id]);
  await sql("delete from chime_page.meetings where appointment_id = $1", [visit.id]);
  assert.equal((await open(visit.id, visit.provider, at(0))).outcome, "rate-limited");
  for (const table of ["sessions", "meetings"]) {
    const rows = await sql(`select 1 from chime_page.${table} where appointment_id = $1`, [
      visit.id,
    ]);
    assert.equal(rows.length, 0, table);
  }
});

Deno.test("a person keeps the 20 sessions that were used last, and nobody else loses any", async () => {
  const visit = await makeVisit(sql);
  const inUse = newHash();
  await open(visit.id, visit.patient, at(0), { p_new_session: inUse });
  await open(visit.id, visit.provider, at(0));
  for (let times = 1; times <= 25; times++) {
    const now = at(times * 20 * SECOND);
    await open(visit.id, visit.patient, now);
    // The first page keeps sending requests.
    await open(visit.id, "", now, { p_subject: null, p_session: inUse, p_claim: null });
  }
  const counts = await sql(
    `select subject = $2 as patient, count(*)::int as sessions,
       bool_or(hash = decode($3, 'hex')) as first
     from chime_page.sessions where appointment_id = $1 group by 1 order by 1`,
    [visit.id, visit.patient, inUse],
  );
  assert.deepEqual(counts, [
    { patient: false, sessions: 1, first: false },
    { patient: true, sessions: 20, first: true },
  ]);
});

Deno.test("purging deletes the counts of openings", async () => {
  const visit = await makeVisit(sql);
  await openUntilRefused(visit.id, visit.patient, at(0));
  await sql("select chime_page.purge($1)", [at(60)]);
  const rows = await sql("select 1 from chime_page.openings where appointment_id = $1", [visit.id]);
  assert.equal(rows.length, 0);
});

Deno.test("a refused opening does not spend the link", async () => {
  const visit = await makeVisit(sql);
  const pass = await makePass(call, visit.id, visit.patient, at(5));
  await openUntilRefused(visit.id, visit.patient, at(0));
  const byLink = { p_subject: null, p_pass: pass };
  assert.equal((await open(visit.id, "", at(0), byLink)).outcome, "rate-limited");

  // Two minutes later, when a link that had been opened would be spent.
  assert.equal((await open(visit.id, "", at(2), byLink)).via, "pass");
});
