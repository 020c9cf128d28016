/** The SQL of docs/integrating.md. */
import assert from "node:assert/strict";
import { at, callerOf, makeSession, makeVisit, newToken, startEmpty } from "../support/database.ts";
import { readProjectFile } from "../support/project.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
const { sql } = supabase;
Deno.test.afterAll(() => supabase.close());

const document = await readProjectFile("docs/integrating.md");
const [attendance = "", meetings = "", trigger = ""] = [
  ...document.matchAll(/^```sql\n([\s\S]*?)^```$/gm),
].map(([, text]) => text ?? "");
const ID = "00000000-0000-4000-8000-000000000001";

async function record(appointment: string, session: string, minutes: number, phase: string) {
  const { outcome } = await call("record", {
    p_appointment: appointment,
    p_session: session,
    p_events: [{ name: "state", at: 1, data: { phase } }],
    p_now: at(minutes),
  });
  assert.equal(outcome, "recorded");
}

Deno.test("the query for who attended says who was in the call, and from when to when", async () => {
  const { id, provider, patient, providerId, patientId } = await makeVisit(sql);
  const query = attendance.replace(ID, id);
  assert.notEqual(query, attendance);
  assert.deepEqual(await sql(query, []), []);
  const doctor = await makeSession(call, id, provider);
  await record(id, doctor, 1, "lobby");
  await record(id, doctor, 2, "in-call");
  await record(id, doctor, 20, "left");
  await record(id, await makeSession(call, id, patient), 3, "waiting");
  const rows = await sql(query, []);
  const time = (value: unknown) => value === null ? null : new Date(String(value)).toISOString();
  const found = new Map(rows.map((row) => [row["role"], row]));
  assert.deepEqual(
    ["entered_at", "left_at", "last_report_at"].map((key) => time(found.get("provider")?.[key])),
    [at(2), at(20), at(20)],
  );
  assert.deepEqual(
    ["entered_at", "left_at", "last_report_at"].map((key) => time(found.get("patient")?.[key])),
    [null, null, at(3)],
  );
  assert.deepEqual(
    [found.get("provider")?.["participant_id"], found.get("patient")?.["participant_id"]],
    [providerId, patientId],
  );
});

Deno.test("the query for meetings says when a visit ran", async () => {
  const { id, provider, providerId } = await makeVisit(sql);
  await call("open", {
    p_appointment: id,
    p_now: at(0),
    p_subject: provider,
    p_claim: newToken(),
  });
  await call("end_visit", { p_appointment: id, p_by: providerId, p_now: at(20) });
  const rows = await sql(meetings.replace(ID, id), []);
  assert.deepEqual(rows.map((row) => row["end_reason"]), ["ended-by-provider"]);
});

Deno.test("the trigger notes a patient who waits, and a fault in it stops nobody", async () => {
  await supabase.script(trigger);
  const waiting = async (id: string) =>
    (await sql("select 1 from public.waiting_notices where appointment_id = $1", [id])).length;
  const first = await makeVisit(sql);
  await makeSession(call, first.id, first.patient);
  assert.equal(await waiting(first.id), 1);

  const second = await makeVisit(sql);
  await call("open", {
    p_appointment: second.id,
    p_now: at(0),
    p_subject: second.provider,
    p_claim: newToken(),
  });
  await makeSession(call, second.id, second.provider);
  await makeSession(call, second.id, second.patient);
  assert.equal(await waiting(second.id), 0);

  const third = await makeVisit(sql);
  await sql("alter table public.waiting_notices add constraint never check (false) not valid", []);
  await makeSession(call, third.id, third.patient);
  assert.equal(await waiting(third.id), 0);
});
