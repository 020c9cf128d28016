import assert from "node:assert/strict";
import postgres from "postgres";
import { startPostgres } from "../support/postgres.ts";
import { at, clientOf, startEmpty } from "../support/database.ts";
import { looseTest } from "../support/sanitizers.ts";

// An adopter's own tables, without constraints.
const server = await startPostgres();
const supabase = await startEmpty({ kind: "postgres", url: server.url });
await supabase.script(`
  create table public.their_visits (
    id uuid, starts_at timestamptz, ends_at timestamptz, status text, video_enabled boolean,
    media_region text
  );
  create table public.their_people (
    appointment_id uuid, subject text, participant_id uuid, role text, display_name text,
    locale text, time_zone text
  );
  create table public.profiles (id uuid primary key);
  create or replace view chime_page.appointments as select * from public.their_visits;
  create or replace view chime_page.participants as select * from public.their_people;
`);
Deno.test.afterAll(async () => {
  await supabase.close();
  await server.stop();
});

type Row = Readonly<Record<string, unknown>>;
interface Finding {
  readonly severity: string;
  readonly column: string;
  readonly problem: string;
  readonly rows: number;
  readonly example: string | null;
}

async function insert(table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await supabase.sql(
    `insert into ${table} (${columns.join(", ")}) values (${places.join(", ")})`,
    Object.values(row),
  );
}

/** A correct visit of a provider and a patient, after changes; the only one in the tables. */
async function onlyVisit(visit: Row = {}, patient: Row = {}, provider: Row = {}): Promise<string> {
  await supabase.script(`
    truncate public.their_visits, public.their_people, public.profiles;
    delete from auth.users;
  `);
  const id = crypto.randomUUID();
  await insert("public.their_visits", {
    id,
    starts_at: at(0),
    ends_at: at(30),
    status: "scheduled",
    video_enabled: true,
    media_region: null,
    ...visit,
  });
  const person = (role: string, more: Row): Row => ({
    appointment_id: id,
    subject: `firebase-${crypto.randomUUID()}`,
    participant_id: crypto.randomUUID(),
    role,
    display_name: "Aïcha Bello",
    locale: "fr",
    time_zone: "Africa/Douala",
    ...more,
  });
  await insert("public.their_people", person("provider", provider));
  await insert("public.their_people", person("patient", patient));
  return id;
}

async function check(now: string = at(0)): Promise<readonly Finding[]> {
  const rows = await supabase.sql(
    `select severity, "column", problem, rows::int, example from chime_page.check($1)`,
    [now],
  );
  return rows as unknown[] as readonly Finding[];
}

async function expectOnly(expected: Omit<Finding, "rows">): Promise<void> {
  assert.deepEqual(await check(), [{ ...expected, rows: 1 }]);
}

Deno.test("nothing is wrong with correct rows", async () => {
  await onlyVisit();
  assert.deepEqual(await check(), []);
});

const ofVisit: readonly [column: string, problem: string, visit: Row][] = [
  ["starts_at", "null", { starts_at: null }],
  ["starts_at", "not between the years 1900 and 9999", { starts_at: "0044-03-15 BC" }],
  ["ends_at", "null", { ends_at: null }],
  ["ends_at", "not between the years 1900 and 9999", { ends_at: "infinity" }],
  ["ends_at", "before starts_at", { ends_at: at(-1) }],
  // The first user's rows: the end is the day of the booking, long ago.
  ["ends_at", "before starts_at", { ends_at: at(-30 * 24 * 60) }],
  ["status", "null", { status: null }],
  ["status", "unknown status", { status: "confirmed" }],
  ["video_enabled", "null", { video_enabled: null }],
  ["media_region", "not an AWS region", { media_region: "Frankfurt" }],
];
for (const [column, problem, visit] of ofVisit) {
  Deno.test(`the check finds an appointment with ${JSON.stringify(visit)}`, async () => {
    const example = await onlyVisit(visit);
    await expectOnly({ severity: "fault", column: `appointments.${column}`, problem, example });
  });
}

const ofPerson: readonly [severity: string, column: string, problem: string, patient: Row][] = [
  ["fault", "subject", "null or empty: this person cannot join", { subject: null }],
  ["fault", "subject", "null or empty: this person cannot join", { subject: "" }],
  [
    "fault",
    "subject",
    "spaces around it, or longer than 255 characters: no token matches",
    { subject: "firebase-1 " },
  ],
  ["fault", "participant_id", "null", { participant_id: null }],
  ["fault", "role", "null", { role: null }],
  ["fault", "role", "unknown role", { role: "nurse" }],
  ["fault", "display_name", "null or blank", { display_name: " \t" }],
  ["warning", "locale", "not a language tag such as fr: ignored", { locale: "French (France)" }],
  ["warning", "time_zone", "not a name such as Africa/Douala: ignored", { time_zone: "+01:00" }],
];
for (const [severity, column, problem, patient] of ofPerson) {
  Deno.test(`the check finds a person with ${JSON.stringify(patient)}`, async () => {
    const example = await onlyVisit({}, patient);
    await expectOnly({ severity, column: `participants.${column}`, problem, example });
  });
}

Deno.test("the check finds people without an appointment and rows without an id", async () => {
  await onlyVisit();
  await insert("public.their_people", { appointment_id: null, subject: "s", role: "patient" });
  await expectOnly({
    severity: "fault",
    column: "participants.appointment_id",
    problem: "null",
    example: null,
  });
});

Deno.test("the check finds an appointment without people, and one without a provider who can join", async () => {
  const column = "participants.role";
  const problem = "an appointment without a provider who can join: its patients wait in vain";
  const unlisted = await onlyVisit({}, {}, { role: "guest" });
  await expectOnly({ severity: "fault", column, problem, example: unlisted });
  const nobody = await onlyVisit();
  await supabase.sql("delete from public.their_people");
  await expectOnly({
    severity: "fault",
    column,
    problem: "an appointment without people",
    example: nobody,
  });
  // Nobody waits for a provider in a visit that does not take place.
  await supabase.sql("update public.their_visits set status = 'cancelled'");
  assert.deepEqual(await check(), []);
});

Deno.test("the check finds duplicates, and lets equal rows pass", async () => {
  const double = await onlyVisit();
  await supabase.sql("insert into public.their_visits select * from public.their_visits");
  await supabase.sql("insert into public.their_people select * from public.their_people");
  assert.deepEqual(await check(), []);
  await supabase.sql(
    `insert into public.their_visits select id, starts_at, ends_at, 'cancelled', true, null
     from public.their_visits limit 1`,
  );
  await supabase.sql(
    `insert into public.their_people select appointment_id, subject, gen_random_uuid(), role,
       display_name, locale, time_zone from public.their_people where role = 'patient' limit 1`,
  );
  await supabase.sql(
    `insert into public.their_people select appointment_id, 'firebase-other', participant_id, role,
       display_name, locale, time_zone from public.their_people where role = 'provider' limit 1`,
  );
  assert.deepEqual(
    (await check()).map(({ column, problem, example }) => [column, problem, example]),
    [
      ["appointments.id", "several different rows with one id", double],
      ["participants.participant_id", "several people of one appointment share it", double],
      ["participants.subject", "a person with several different rows in one appointment", double],
    ],
  );
});

Deno.test("the check finds subjects that are ids of a profile", async () => {
  const profile = crypto.randomUUID();
  const problem =
    "an id of public.profiles and of nobody in auth.users: map it to the `sub` of the token";
  const example = await onlyVisit({}, {}, { subject: profile });
  await insert("public.profiles", { id: profile });
  // With no person of Supabase Auth, the ids may be those of another issuer.
  await expectOnly({ severity: "warning", column: "participants.subject", problem, example });

  const user = crypto.randomUUID();
  await insert("auth.users", { id: user, email: "p@example.org" });
  await supabase.sql("update public.their_people set subject = $1 where role = 'patient'", [user]);
  await expectOnly({ severity: "fault", column: "participants.subject", problem, example });
  // The same id may also be a user's: many profiles use it.
  await insert("public.profiles", { id: user });
  assert.equal((await check()).length, 1);
});

Deno.test("the check finds numbers as subjects, and users who do not exist", async () => {
  const user = crypto.randomUUID();
  const example = await onlyVisit({}, { subject: user }, { subject: "4711" });
  await insert("auth.users", { id: user, email: "p@example.org" });
  const column = "participants.subject";
  await expectOnly({
    severity: "fault",
    column,
    problem: "a number, which looks like the id of a table: map it to the `sub` of the token",
    example,
  });
  await supabase.sql("update public.their_people set subject = $1 where subject = '4711'", [
    crypto.randomUUID(),
  ]);
  await expectOnly({
    severity: "warning",
    column,
    problem: "a UUID of nobody in auth.users: this person may have been deleted",
    example,
  });
});

Deno.test("the check leaves out appointments of the past", async () => {
  await onlyVisit({ status: "confirmed" });
  assert.equal((await check(at(24 * 60))).length, 1);
  assert.deepEqual(await check(at(24 * 60 + 31)), []);
  await onlyVisit({ starts_at: null, status: "completed" });
  assert.deepEqual(await check(), []);
});

Deno.test("the check says nothing that a row contains", async () => {
  await onlyVisit({ status: "S3CRET" }, {
    role: "S3CRET",
    locale: "S3CRET!",
    time_zone: "S3CRET!",
  });
  const findings = await check();
  assert.equal(findings.length, 4);
  assert.doesNotMatch(JSON.stringify(findings), /S3CRET/);
});

looseTest("only the owner can run the check", async () => {
  for (const key of [supabase.publishableKey, supabase.secretKey]) {
    const client = clientOf(supabase, key);
    const { error } = await client.schema("chime_page").rpc("check");
    assert.equal(error?.code, "PGRST106");
  }
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    for (const role of ["anon", "authenticated", "service_role"]) {
      await sql`select set_config('role', ${role}, false)`;
      await assert.rejects(sql`select * from chime_page.check()`, { code: "42501" });
    }
  } finally {
    await sql.end();
  }
});
