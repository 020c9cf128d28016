import assert from "node:assert/strict";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { pageData, startTestStack } from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const CLINICIANS = 120;
const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());
await stack.supabase.script(`
  create table public.clinicians (id uuid primary key, subject text unique, name text);
  create or replace view chime_page.participants as
  select p.appointment_id, p.subject, p.id as participant_id, p.role, p.display_name, p.locale,
    p.time_zone, true as listed
  from public.visit_participants as p
  union all
  select a.id, c.subject, c.id, 'provider', c.name, null, null, false
  from public.visit_appointments as a cross join public.clinicians as c;
`);
const clinicians = await Promise.all(
  Array.from({ length: CLINICIANS }, async (_, index) => {
    const id = crypto.randomUUID() as string;
    const name = `Dr. Number ${index + 1}`;
    await stack.supabase.sql(
      "insert into public.clinicians values ($1::uuid, $1::uuid::text, $2)",
      [id, name],
    );
    return { id, name };
  }),
);

/** A visit of a patient; with `clinician`, somebody is listed as well. */
async function makeVisit(clinician?: string) {
  const id = crypto.randomUUID();
  const subject = crypto.randomUUID();
  await stack.supabase.sql(
    `insert into public.visit_appointments (id, starts_at, ends_at)
     values ($1, now(), now() + interval '30 minutes')`,
    [id],
  );
  const people = [["patient", subject, "Amina Yaya"], ["provider", "nobody", clinician]];
  for (const [role, owner, name] of people) {
    if (name === undefined) continue;
    await stack.supabase.sql(
      `insert into public.visit_participants (appointment_id, subject, role, display_name)
       values ($1, $2, $3, $4)`,
      [id, owner, role, name],
    );
  }
  return {
    open: async (who: string = subject) =>
      await fetch(`${stack.pageUrl}/${id}`, {
        headers: { Authorization: `Bearer ${await stack.issuer.token(who)}`, Accept: "text/html" },
      }),
  };
}

looseTest(
  "a visit that 120 clinicians may enter carries no name of theirs, and is no larger than one for two",
  async () => {
    const visit = await makeVisit();
    const page = await (await visit.open()).text();
    for (const { id, name } of clinicians) {
      assert.ok(!page.includes(id) && !page.includes(name), name);
    }
    const two = await (await (await makeVisit("Dr. Ngo Bassa")).open()).text();
    const bytes = (text: string) => new TextEncoder().encode(text).length;
    assert.ok(bytes(page) <= bytes(two), `${bytes(page)} bytes, ${bytes(two)} for two people`);
  },
);

looseTest("one of them enters, and the patient's page gets their name and no other", async () => {
  const visit = await makeVisit();
  const patient = await pageData(await visit.open());
  assert.deepEqual([patient.state, patient.people.map(({ name }) => name)], ["waiting", [
    "Amina Yaya",
  ]]);
  const [doctor] = clinicians;
  const theirs = await pageData(await visit.open(doctor?.id));
  assert.deepEqual([theirs.state, theirs.self.role], ["open", "provider"]);
  assert.deepEqual(theirs.people.map(({ name }) => name), ["Dr. Number 1", "Amina Yaya"]);

  const status = await fetch(`${patient.api.base}/status?page=a`, {
    headers: { Authorization: `Bearer ${patient.api.session}` },
  });
  assert.deepEqual(
    (({ state, people }) => ({ state, people }))(await status.json()),
    { state: "open", people: [{ id: doctor?.id, name: "Dr. Number 1", role: "provider" }] },
  );
});

looseTest("a visit in which everybody is listed sends no names with its status", async () => {
  const page = await pageData(await (await makeVisit("Dr. Ngo Bassa")).open());
  const status = await fetch(`${page.api.base}/status?page=a`, {
    headers: { Authorization: `Bearer ${page.api.session}` },
  });
  assert.ok(!("people" in await status.json()));
});

looseTest("the page of a patient who waits for whoever is on call names nobody", async () => {
  const page = await (await makeVisit()).open();
  const { texts } = await pageData(page);
  const { checkedIn, nextOpen } = clientTexts("en");
  assert.deepEqual(
    [texts.waiting, texts.nextWaiting, texts.expected],
    [checkedIn, nextOpen, nextOpen],
  );
});
