import assert from "node:assert/strict";
import {
  at,
  callerOf,
  makePass,
  makeSession,
  newHash,
  newToken,
  startEmpty,
} from "../support/database.ts";

// A clinic whose 120 clinicians may enter every visit.
const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
await supabase.script(`
  create table public.clinicians (id uuid primary key, subject text unique, name text);
  insert into public.clinicians
  select gen_random_uuid(), 'clinician-' || n, 'Dr. Number ' || n from generate_series(1, 120) as n;
  create or replace view chime_page.participants as
  select p.appointment_id, p.subject, p.id as participant_id, p.role, p.display_name, p.locale,
    p.time_zone, true as listed
  from public.visit_participants as p
  union all
  select a.id, c.subject, c.id, 'provider', c.name, null, null, false
  from public.visit_appointments as a cross join public.clinicians as c;
`);
Deno.test.afterAll(() => supabase.close());

type Row = Readonly<Record<string, unknown>>;

/** A visit of a patient, and of nobody else in particular. */
async function makeVisit() {
  const id = crypto.randomUUID();
  const patient = `patient-${id}`;
  await sql(
    "insert into public.visit_appointments (id, starts_at, ends_at) values ($1, $2, $3)",
    [id, at(0), at(30)],
  );
  await sql(
    `insert into public.visit_participants (appointment_id, subject, role, display_name)
     values ($1, $2, 'patient', 'Aïcha Bello')`,
    [id, patient],
  );
  return { id, patient };
}

const open = (appointment: string, subject: string, more: Row = {}) =>
  call("open", {
    p_appointment: appointment,
    p_now: at(0),
    p_subject: subject,
    p_new_session: newHash(),
    p_claim: newToken(),
    ...more,
  });

const namesIn = (answer: Row) =>
  (answer["people"] as readonly Row[]).map(({ display_name }) => display_name);

Deno.test("somebody who is not listed may enter, and starts the visit like every provider", async () => {
  const { id, patient } = await makeVisit();
  assert.equal((await open(id, patient))["meeting"], null);
  const clinician = await open(id, "clinician-57");
  assert.equal((clinician["participant"] as Row)["role"], "provider");
  assert.notEqual(clinician["meeting"], null);
  assert.deepEqual((await open(id, patient))["meeting"], clinician["meeting"]);
  const pass = await makePass(call, id, "clinician-58");
  const opened = await call("open", {
    p_appointment: id,
    p_now: at(1),
    p_pass: pass,
    p_new_session: newHash(),
  });
  assert.equal(opened.outcome, "found");
  assert.deepEqual(await open(id, "clinician-121"), { outcome: "visit-not-found" });
});

Deno.test("people who are not listed are shown once they have opened the visit, until they leave it", async () => {
  const { id, patient } = await makeVisit();
  assert.deepEqual(namesIn(await open(id, patient)), ["Aïcha Bello"]);
  const clinician = newHash();
  const own = await open(id, "clinician-7", { p_new_session: clinician });
  assert.deepEqual(namesIn(own), ["Dr. Number 7", "Aïcha Bello"]);

  const session = await makeSession(call, id, patient);
  const status = async () =>
    await call("status", { p_appointment: id, p_now: at(1), p_session: session, p_page: "a" });
  const people = (await status())["people"] as readonly Row[];
  assert.deepEqual(people.map(({ listed }) => listed), [false, true]);
  assert.deepEqual(namesIn(await status()), ["Dr. Number 7", "Aïcha Bello"]);

  const page = { p_appointment: id, p_session: clinician, p_page: "b", p_now: at(1) };
  await call("status", page);
  await call("leave", page);
  assert.deepEqual(namesIn(await status()), ["Aïcha Bello"]);
  // They are back.
  await call("status", page);
  assert.deepEqual(namesIn(await status()), ["Dr. Number 7", "Aïcha Bello"]);
});

Deno.test("a person whose access was revoked is no longer shown", async () => {
  const { id, patient } = await makeVisit();
  const { participant } = await open(id, "clinician-9");
  await sql("select chime_page.revoke($1, $2)", [id, (participant as Row)["participant_id"]]);
  assert.deepEqual(namesIn(await open(id, patient)), ["Aïcha Bello"]);
});

Deno.test("one who is listed for the visit and in the pool is shown once, at once", async () => {
  const { id, patient } = await makeVisit();
  const [clinician] = await sql(
    "select id from public.clinicians where subject = 'clinician-3'",
    [],
  );
  await sql(
    `insert into public.visit_participants (id, appointment_id, subject, role, display_name)
     values ($1, $2, 'clinician-3', 'provider', 'Dr. Number 3')`,
    [clinician?.["id"], id],
  );
  assert.deepEqual(namesIn(await open(id, patient)), ["Dr. Number 3", "Aïcha Bello"]);
});

Deno.test("without the column, and where it is null, everybody is listed", async () => {
  const other = await startEmpty();
  try {
    const id = crypto.randomUUID();
    const answer = async () =>
      namesIn(await callerOf(other)("open", { p_appointment: id, p_now: at(0), p_subject: "a" }));
    await other.sql(
      "insert into public.visit_appointments (id, starts_at, ends_at) values ($1, $2, $3)",
      [id, at(0), at(30)],
    );
    await other.sql(
      `insert into public.visit_participants (appointment_id, subject, role, display_name)
       values ($1, 'a', 'patient', 'Aïcha'), ($1, 'b', 'provider', 'Dr. Mbarga')`,
      [id],
    );
    assert.deepEqual(await answer(), ["Dr. Mbarga", "Aïcha"]);
    await other.script(`
      create or replace view chime_page.participants as
      select p.appointment_id, p.subject, p.id as participant_id, p.role, p.display_name, p.locale,
        p.time_zone, null::boolean as listed
      from public.visit_participants as p
    `);
    assert.deepEqual(await answer(), ["Dr. Mbarga", "Aïcha"]);
  } finally {
    await other.close();
  }
});
