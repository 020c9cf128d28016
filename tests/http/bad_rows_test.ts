import assert from "node:assert/strict";
import {
  createVisit,
  logLine,
  openByToken,
  pageData,
  startTestStack,
  type TestVisit,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
// Views as an adopter may write them, with values that the default tables would refuse.
await stack.supabase.script(`
  create table public.their_changes (id uuid, status text, role text, display_name text,
    locale text, time_zone text);
  create or replace view chime_page.appointments as
    select a.id, a.starts_at, a.ends_at, coalesce(c.status, a.status) as status, a.video_enabled,
      a.media_region
    from public.visit_appointments as a left join public.their_changes as c on c.id = a.id;
  create or replace view chime_page.participants as
    select p.appointment_id, p.subject, p.id as participant_id, coalesce(c.role, p.role) as role,
      coalesce(c.display_name, p.display_name) as display_name,
      coalesce(c.locale, p.locale) as locale, coalesce(c.time_zone, p.time_zone) as time_zone
    from public.visit_participants as p left join public.their_changes as c on c.id = p.id;
`);
Deno.test.afterAll(() => stack.stop());

async function change(id: string, column: string, value: string): Promise<void> {
  await stack.supabase.sql(`insert into public.their_changes (id, ${column}) values ($1, $2)`, [
    id,
    value,
  ]);
}

const asProgram = (visit: TestVisit, person: { token: string }) =>
  openByToken(visit, person, { Accept: "*/*" });

looseTest(
  "an unknown status is a misconfigured visit: the log names the column, and nothing names the value",
  async () => {
    const visit = await createVisit(stack);
    await change(visit.id, "status", "Bestätigt");
    const answer = await asProgram(visit, visit.patient);
    assert.equal(answer.status, 500);
    const text = await answer.text();
    assert.match(text, /urn:chime-page:problem:visit-misconfigured/);
    assert.doesNotMatch(text, /status"?:? ?"?Best|appointments|column|Amina/);
    const line = await logLine(stack, answer.headers.get("x-request-id"));
    assert.equal(line["level"], "error");
    assert.deepEqual(line["columns"], ["appointments.status"]);
    assert.equal(line["appointmentId"], visit.id);
    assert.doesNotMatch(JSON.stringify(line), /Best|Amina|Ngo/);
  },
);

looseTest("a person reads in their language that the clinic has to correct the visit", async () => {
  const visit = await createVisit(stack);
  await change(visit.id, "status", "confirmed");
  const answer = await openByToken(visit, visit.patient, { "Accept-Language": "fr" });
  const page = await answer.text();
  assert.match(page, /Votre centre de santé doit corriger cette consultation/);
  assert.doesNotMatch(page, /appointments|status|confirmed/);
});

looseTest("another person's unknown role shuts nobody out", async () => {
  const visit = await createVisit(stack);
  await change(visit.patient.participantId, "role", "nurse");
  const provider = await pageData(await openByToken(visit, visit.provider));
  assert.equal(provider.state, "open");
  assert.deepEqual(provider.people.map((one) => one.id), [visit.provider.participantId]);
  const patient = await asProgram(visit, visit.patient);
  const line = await logLine(stack, patient.headers.get("x-request-id"));
  assert.match(await patient.text(), /visit-misconfigured/);
  assert.deepEqual(line["columns"], ["participants.role"]);
});

looseTest(
  "an invalid language, an invalid time zone and a name of 200 KB keep nobody out",
  async () => {
    const visit = await createVisit(stack);
    const { participantId } = visit.provider;
    await stack.supabase.sql(
      `insert into public.their_changes (id, locale, time_zone, display_name)
     values ($1, 'x_!', 'Mars/Olympus', $2)`,
      [participantId, "Zoé ".repeat(50_000)],
    );
    const data = await pageData(await openByToken(visit, visit.provider));
    assert.equal(data.language, "en");
    assert.ok(data.self.name.length <= 120);
  },
);

looseTest(
  "a region that Chime does not know is a misconfigured visit, which opens once it is corrected",
  async () => {
    const visit = await createVisit(stack);
    const region = (value: string | null) =>
      stack.supabase.sql("update public.visit_appointments set media_region = $2 where id = $1", [
        visit.id,
        value,
      ]);
    await region("xx-north-9");
    const answer = await asProgram(visit, visit.provider);
    assert.match(await answer.text(), /visit-misconfigured/);
    const line = await logLine(stack, answer.headers.get("x-request-id"));
    assert.deepEqual([line["level"], line["columns"]], ["error", ["appointments.media_region"]]);
    await region("us-east-1");
    const data = await pageData(await openByToken(visit, visit.provider));
    assert.equal(data.join?.meeting.MediaRegion, "us-east-1");
  },
);
