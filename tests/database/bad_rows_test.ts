import assert from "node:assert/strict";
import { at, callerOf, newHash, newToken, startEmpty } from "../support/database.ts";

// An adopter's own tables, without constraints.
const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
await supabase.script(`
  create table public.their_visits (
    id uuid, starts_at timestamptz, ends_at timestamptz, status text, video_enabled boolean,
    media_region text
  );
  create table public.their_people (
    appointment_id uuid, subject text, participant_id uuid, role text, display_name text,
    locale text, time_zone text
  );
  create or replace view chime_page.appointments as select * from public.their_visits;
  create or replace view chime_page.participants as select * from public.their_people;
`);
Deno.test.afterAll(() => supabase.close());

type Row = Readonly<Record<string, unknown>>;

const goodVisit: Row = {
  starts_at: at(0),
  ends_at: at(30),
  status: "scheduled",
  video_enabled: true,
  media_region: null,
};

async function insert(table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await sql(
    `insert into public.${table} (${columns.join(", ")}) values (${places.join(", ")})`,
    Object.values(row),
  );
}

const person = (appointment: string, more: Row = {}): Row => ({
  appointment_id: appointment,
  subject: crypto.randomUUID(),
  participant_id: crypto.randomUUID(),
  role: "provider",
  display_name: "Dr. Mbarga",
  locale: null,
  time_zone: null,
  ...more,
});

/** A visit, and a provider in it; both may be changed. */
async function make(visit: Row = {}, provider: Row = {}) {
  const id = crypto.randomUUID();
  await insert("their_visits", { id, ...goodVisit, ...visit });
  const row = person(id, provider);
  await insert("their_people", row);
  return { id, subject: row["subject"], participantId: row["participant_id"] };
}

const open = (id: string, subject: unknown) =>
  call("open", {
    p_appointment: id,
    p_now: at(0),
    p_subject: subject,
    p_new_session: newHash(),
    p_claim: newToken(),
  });

const visitFaults: readonly [fault: string, visit: Row, column: string][] = [
  ["an unknown status", { status: "confirmed" }, "appointments.status"],
  ["no status", { status: null }, "appointments.status"],
  ["no start", { starts_at: null }, "appointments.starts_at"],
  ["no end", { ends_at: null }, "appointments.ends_at"],
  ["an end before its start", { ends_at: at(-1) }, "appointments.ends_at"],
  ["an infinite end", { ends_at: "infinity" }, "appointments.ends_at"],
  ["a start before year 1", { starts_at: "0044-03-15 BC" }, "appointments.starts_at"],
  ["no answer on video", { video_enabled: null }, "appointments.video_enabled"],
  ["a malformed region", { media_region: "Frankfurt" }, "appointments.media_region"],
];
for (const [fault, visit, column] of visitFaults) {
  Deno.test(`a visit with ${fault} is misconfigured for its people and unknown to others`, async () => {
    const { id, subject } = await make(visit);
    assert.deepEqual(await open(id, subject), {
      outcome: "visit-misconfigured",
      columns: [column],
    });
    assert.deepEqual(await open(id, "stranger"), { outcome: "visit-not-found" });
    const rows = await sql("select 1 from chime_page.meetings where appointment_id = $1", [id]);
    assert.equal(rows.length, 0);
  });
}

const selfFaults: readonly [fault: string, row: Row, column: string][] = [
  ["an unknown role", { role: "nurse" }, "participants.role"],
  ["no role", { role: null }, "participants.role"],
  ["no name", { display_name: null }, "participants.display_name"],
  ["a blank name", { display_name: " \t\n" }, "participants.display_name"],
  ["no id", { participant_id: null }, "participants.participant_id"],
];
for (const [fault, row, column] of selfFaults) {
  Deno.test(`a person with ${fault} is told so, and others join without them`, async () => {
    const { id, subject } = await make();
    const bad = person(id, { role: "patient", ...row });
    await insert("their_people", bad);
    assert.deepEqual(await open(id, bad["subject"]), {
      outcome: "visit-misconfigured",
      columns: [column],
    });
    const answer = await open(id, subject);
    assert.equal(answer.outcome, "found");
    assert.equal((answer["people"] as readonly unknown[]).length, 1);
    assert.notEqual(answer["meeting"], null);
  });
}

Deno.test("all faulty columns are named at once", async () => {
  const { id, subject } = await make({ status: "", starts_at: null }, { role: "doctor" });
  assert.deepEqual(await open(id, subject), {
    outcome: "visit-misconfigured",
    columns: ["appointments.starts_at", "appointments.status", "participants.role"],
  });
});

Deno.test("two different rows of a visit are a fault, and two equal ones are not", async () => {
  const { id, subject } = await make();
  await insert("their_visits", { id, ...goodVisit });
  assert.equal((await open(id, subject)).outcome, "found");
  await insert("their_visits", { id, ...goodVisit, status: "cancelled" });
  assert.deepEqual(await open(id, subject), {
    outcome: "visit-misconfigured",
    columns: ["appointments.id"],
  });
});

Deno.test("a person of a visit that the view does not contain is a stranger", async () => {
  const { id, subject } = await make();
  await sql("delete from public.their_visits where id = $1", [id]);
  assert.deepEqual(await open(id, subject), { outcome: "visit-not-found" });
});

Deno.test("a person who is in a visit twice joins by the complete row, and is shown once", async () => {
  for (const bad of [{ role: null }, { display_name: "" }, { participant_id: null }]) {
    const { id, subject, participantId } = await make({}, { role: "patient" });
    await insert(
      "their_people",
      person(id, { subject, participant_id: participantId, role: "provider", ...bad }),
    );
    const answer = await open(id, subject);
    assert.equal((answer["participant"] as Row)["role"], "patient");
    assert.equal((answer["people"] as readonly unknown[]).length, 1);
    assert.deepEqual(answer["present"], [participantId]);
  }
});

Deno.test("a person without a subject is shown, and cannot join", async () => {
  const { id, subject } = await make();
  await insert("their_people", person(id, { role: "patient", subject: null }));
  const answer = await open(id, subject);
  assert.equal((answer["people"] as readonly unknown[]).length, 2);
});

Deno.test("overlong names, languages and time zones are cut", async () => {
  const long = "é".repeat(200_000);
  const { id, subject } = await make({}, {
    display_name: `\n\t Dr. Zoé ${long}`,
    locale: long,
    time_zone: long,
  });
  const answer = await open(id, subject);
  const me = answer["participant"] as Readonly<Record<string, string>>;
  assert.equal(me["display_name"]?.length, 120);
  assert.match(me["display_name"] ?? "", /^Dr\. Zoé é+$/);
  assert.ok(JSON.stringify(answer).length < 2_000);
});

Deno.test("a blank region is no region", async () => {
  const { id, subject } = await make({ media_region: " " });
  const answer = await open(id, subject);
  assert.equal((answer["appointment"] as Row)["media_region"], null);
});

Deno.test("a region is stored with the claim, so that the same request can be repeated", async () => {
  const { id, subject } = await make({ media_region: "us-east-1" });
  const region = async () => ((await open(id, subject))["meeting"] as Row)["media_region"];
  assert.equal(await region(), "us-east-1");
  await sql("update public.their_visits set media_region = 'eu-west-2' where id = $1", [id]);
  assert.equal(await region(), "us-east-1");
});
