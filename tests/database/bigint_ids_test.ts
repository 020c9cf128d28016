import assert from "node:assert/strict";
import { at, callerOf, newHash, newToken, startEmpty } from "../support/database.ts";
import { startPostgres } from "../support/postgres.ts";
import { pathOf } from "../support/project.ts";

// A real Postgres, whose planner decides about the index.
const server = await startPostgres();
const supabase = await startEmpty({ kind: "postgres", url: server.url });
const call = callerOf(supabase);
const { sql } = supabase;
const apply = async (file: string) =>
  await supabase.script(
    await Deno.readTextFile(pathOf(`supabase/examples/bigint-ids/${file}`)),
  );
Deno.test.afterAll(async () => {
  await supabase.close();
  await server.stop();
});

const APPOINTMENTS = 100_000;
await apply("tables.sql");
await supabase.script(`
  insert into public.staff (auth_id, name)
  select gen_random_uuid(), 'Dr. Number ' || n from generate_series(1, 200) as n;
  insert into public.bookings (clinician_id, patient_auth_id, patient_name, begins, minutes, state)
  select n % 200 + 1, gen_random_uuid(), 'Aïcha Bello', '${at(0)}', 20, 'booked'
  from generate_series(1, ${APPOINTMENTS}) as n;
`);

/** The subjects of a booking, and its UUID in the views. */
async function peopleOf(booking: number, id: string) {
  const [row] = await sql(
    `select ${id} as id, b.patient_auth_id::text as patient, s.auth_id::text as clinician
     from public.bookings as b join public.staff as s on s.id = b.clinician_id where b.id = $1`,
    [booking],
  );
  return row as { readonly id: string; readonly patient: string; readonly clinician: string };
}

const open = (appointment: string, subject: string) =>
  call("open", {
    p_appointment: appointment,
    p_now: at(0),
    p_subject: subject,
    p_new_session: newHash(),
    p_claim: newToken(),
  });

/** The plan of a query, as text. */
async function plan(query: string): Promise<string> {
  const rows = await sql(`explain ${query}`, []);
  return rows.map((row) => Object.values(row).join()).join("\n");
}

/** Looks a visit and a person up as the functions of the database do. */
async function assertIndexed({ id, clinician }: { id: string; clinician: string }): Promise<void> {
  const visit = await plan(`select * from chime_page.appointments where id = '${id}'`);
  const people = await plan(
    `select * from chime_page.participants where appointment_id = '${id}'`,
  );
  const person = await plan(
    `select * from chime_page.participants
     where appointment_id = '${id}' and subject = '${clinician}'`,
  );
  for (const text of [visit, people, person]) {
    assert.match(text, /Index/, text);
    assert.doesNotMatch(text, /Seq Scan on bookings/, text);
  }
}

async function assertOpens(booking: number, id: string): Promise<void> {
  const people = await peopleOf(booking, id);
  const clinician = await open(people.id, people.clinician);
  assert.equal(clinician.outcome, "found", JSON.stringify(clinician));
  const patient = await open(people.id, people.patient);
  assert.notEqual(clinician["meeting"], null);
  assert.deepEqual(patient["meeting"], clinician["meeting"]);
  const shown = patient["people"] as readonly { readonly participant_id: string }[];
  assert.equal(new Set(shown.map(({ participant_id }) => participant_id)).size, 2);
  assert.equal((await open(people.id, "stranger")).outcome, "visit-not-found");
  await assertIndexed(people);
}

Deno.test("with computed UUIDs an index finds a visit among 100,000, and its people get in", async () => {
  await apply("views_without_columns.sql");
  await supabase.script("analyze public.bookings; analyze public.staff");
  await assertOpens(42, "public.visit_uuid(b.id)");
  const { id } = await peopleOf(42, "public.visit_uuid(b.id)");
  assert.equal(id, "00000000-0000-0000-0000-00000000002a");
  // No two ids share a UUID.
  const [row] = await sql(
    `select count(distinct public.visit_uuid(n)) as count
     from unnest(array[0, 1, -1, 42, 4294967296, 9223372036854775807, -9223372036854775808]) as n`,
    [],
  );
  assert.equal(Number(row?.["count"]), 7);
  await apply("views_without_columns.sql");
});

Deno.test("without its index the plan would read the whole table", async () => {
  await sql("drop index public.bookings_visit_uuid", []);
  const people = await peopleOf(42, "public.visit_uuid(b.id)");
  await assert.rejects(assertIndexed(people), /Seq Scan on bookings/);
});

Deno.test("with a column an index finds a visit among 100,000, and its people get in", async () => {
  await apply("views.sql");
  await supabase.script("analyze public.bookings; analyze public.staff");
  await assertOpens(43, "b.visit_id");
  await apply("views.sql");
});
