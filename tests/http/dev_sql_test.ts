import assert from "node:assert/strict";
import { runDev, startDev } from "../support/dev_command.ts";
import { pageData } from "../support/visits.ts";

/** A person in the line of `dev --json`. */
interface Person {
  readonly subject: string;
  readonly appointmentId: string;
  readonly role: string;
  readonly appointment: string;
  readonly url?: string;
  readonly problem?: string;
}

const examples = "supabase/examples";

/** Runs `work` with files in a folder. */
async function withFiles(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "chime-page sql-" });
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Starts dev with an adopter's SQL, opens the open visit as its provider and its patient, and has a
 * stranger refused. Returns everybody who was listed.
 */
async function checkSchema(...paths: readonly string[]): Promise<readonly Person[]> {
  const dev = await startDev("--json", ...paths.flatMap((path) => ["--sql", path]));
  try {
    const { baseUrl, people } = JSON.parse(dev.line) as { baseUrl: string; people: Person[] };
    const open = people.filter(({ appointment }) => /^(open|group)$/.test(appointment));
    const of = (role: string) => open.find((one) => one.role === role) ?? assert.fail(role);
    const html = { Accept: "text/html" };
    const provider = await pageData(await fetch(of("provider").url ?? "", { headers: html }));
    assert.equal(provider.self.role, "provider");
    const patient = await pageData(await fetch(of("patient").url ?? "", { headers: html }));
    assert.equal(patient.self.role, "patient");
    assert.ok(patient.join, "the patient may join after the provider");
    assert.equal(patient.join.meeting.MeetingId, provider.join?.meeting.MeetingId);
    // The form of the home page, as a stranger.
    const stranger = await fetch(`${baseUrl}/`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({
        subject: crypto.randomUUID(),
        appointment: of("patient").appointmentId,
      }),
    });
    assert.equal(stranger.status, 422);
    assert.match(await stranger.text(), /No link: visit-not-found/);
    return people;
  } finally {
    assert.equal(await dev.stop("SIGINT"), 0);
  }
}

Deno.test("dev --sql opens the visits of bookings with a start and a duration", async () => {
  const people = await checkSchema(`${examples}/bookings`);
  assert.deepEqual(people.map((one) => [one.role, one.appointment]), [
    ["provider", "open"],
    ["patient", "open"],
    ["provider", "too-early"],
    ["patient", "too-early"],
  ]);
});

Deno.test("dev --sql opens the visits of dates and times as text, and says who cannot get in", async () => {
  const people = await checkSchema(`${examples}/date-and-time`);
  assert.deepEqual(people.map((one) => [one.role, one.appointment, one.problem]), [
    ["provider", "group", undefined],
    ["provider", "group", undefined],
    ["patient", "group", undefined],
    ["provider", "visit-misconfigured", "visit-misconfigured"],
    ["patient", "no-subject", "no-subject"],
  ]);
});

Deno.test("dev --sql opens the visits of provider profiles with Firebase sign-in", async () => {
  const rows = `
    insert into public.users (id, firebase_uid, full_name) values
      ('e0000000-0000-4000-8000-000000000001', 'uid-provider', 'Dr. Ebelle'),
      ('e0000000-0000-4000-8000-000000000002', 'uid-patient', 'Fadimatou');
    insert into public.medical_provider_profiles (id, user_id)
      values ('d0000000-0000-4000-8000-000000000009', 'e0000000-0000-4000-8000-000000000001');
    insert into public.appointments
      (id, patient_id, provider_id, status, scheduled_start, scheduled_end, video_enabled,
       consultation_mode)
    values ('a0000000-0000-4000-8000-000000000009', 'e0000000-0000-4000-8000-000000000002',
      'd0000000-0000-4000-8000-000000000009', 'confirmed', now() - interval '61 seconds',
      now() + interval '3 hours', true, 'Online');`;
  await withFiles({ "rows.sql": rows }, async (folder) => {
    const people = await checkSchema(`${examples}/provider-profiles`, `${folder}/rows.sql`);
    assert.deepEqual(people.map(({ subject }) => subject), ["uid-provider", "uid-patient"]);
  });
});

Deno.test("dev --as prints one link, or why there is none, and goes on", async () => {
  const booking = "11000000-0000-4000-8000-000000000001";
  const sql = ["--sql", `${examples}/bookings`];
  const claire = "10000000-0000-4000-8000-000000000001";
  const dev = await startDev(...sql, "--as", claire, booking);
  const text = await dev.read("Ctrl-C");
  assert.equal(await dev.stop("SIGINT"), 0);
  assert.match(text, new RegExp(`${claire}  http://\\S+/chime-page/${booking}\\?pass=`));
  assert.match(text, /publishable key +sb_publishable_/);

  const other = await startDev(...sql, "--as", "nobody", booking);
  const refused = await other.read("Ctrl-C");
  assert.equal(await other.stop("SIGINT"), 0);
  assert.match(
    refused,
    /nobody {2}refused \(visit-not-found\): chime_page\.participants has no row/,
  );
});

Deno.test("dev prints refusals beside the people", async () => {
  const dev = await startDev("--sql", `${examples}/date-and-time`);
  const text = await dev.read("Ctrl-C");
  assert.equal(await dev.stop("SIGTERM"), 0);
  assert.match(
    text,
    /Dr\. Rose Ateba +provider +refused \(visit-misconfigured\): .*appointments\.starts_at/,
  );
  assert.match(text, /Paul Without-Account +patient +refused \(no-subject\)/);
});

Deno.test("dev goes on when the views have no rows", async () => {
  await withFiles({ "a.sql": "create table public.mine (id int);" }, async (folder) => {
    const dev = await startDev("--sql", folder);
    assert.match(await dev.read("Ctrl-C"), /chime_page\.participants has no rows/);
    assert.equal(await dev.stop("SIGINT"), 0);
  });
});

Deno.test("dev goes on when the views cannot be read, and says why", async () => {
  const views = `create or replace view chime_page.appointments as
    select gen_random_uuid() as id, now() as starts_at, now() as ends_at,
      (1 / 0)::text as status, true as video_enabled, null::text as media_region;
    create or replace view chime_page.participants as
    select gen_random_uuid() as appointment_id, 'a' as subject, gen_random_uuid() as participant_id,
      'patient' as role, (1 / 0)::text as display_name, null::text as locale, null::text as time_zone;`;
  await withFiles({ "views.sql": views }, async (folder) => {
    const dev = await startDev("--sql", folder);
    const text = await dev.read("Ctrl-C");
    const home = /fresh links at any time: (\S+)/.exec(text)?.[1] ?? "";
    const page = await fetch(home);
    assert.match(await page.text(), /cannot be read[^]*division by zero/);
    assert.equal(await dev.stop("SIGINT"), 0);
    assert.match(await dev.progress, /Cannot read the views: division by zero/);
  });
});

Deno.test("dev names the file and line of SQL that cannot be run, and ends", async () => {
  await withFiles({ "a.sql": "select 1;\nselect 1 / 0;" }, async (folder) => {
    const { code, stderr } = await runDev("--sql", folder);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /a\.sql:2: division by zero\n {2}in the statement of line 2: select 1 \/ 0/,
    );
    assert.doesNotMatch(stderr, /^ +at /m, "no stack");
  });
});

Deno.test("dev explains options that it cannot read", async () => {
  const { code, stdout } = await runDev("--as", "somebody");
  assert.equal(code, 2);
  assert.match(stdout, /--as takes a subject and an appointment's id/);
});
