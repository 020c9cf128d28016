/// <reference lib="dom" />
/**
 * The whole way of an adopter, by the real tools: `deno task adopt` into a repository with migrations
 * of its own, `supabase db push` and `supabase functions deploy` there, and a visit of their rows in
 * Chromium, served by what was uploaded and nothing else.
 */
import assert from "node:assert/strict";
import { startSupabase } from "../../dev/supabase/embedded.ts";
import { launchBrowser, onPhone, untilInPage } from "../support/browser.ts";
import { preparePlatform } from "../support/platform.ts";
import { startPostgres } from "../support/postgres.ts";
import { pathOf } from "../support/project.ts";
import { looseTest } from "../support/sanitizers.ts";
import { PROJECT, startCli } from "../support/supabase_cli.ts";
import { unpack } from "../support/uploaded_function.ts";
import { passUrl, startTestStack, type TestPerson, type TestVisit } from "../support/visits.ts";

const folder = await Deno.makeTempDir({ prefix: "chime-page adopter " });
const theirs = `${folder}/their clinic`;
const postgres = await startPostgres();
const cli = await startCli();
const platform = await preparePlatform();
const browser = await launchBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await platform.remove();
  await cli.stop();
  await postgres.stop();
  await Deno.remove(folder, { recursive: true });
});

const TABLES = `
  create table public.clinic_people (
    id uuid primary key default gen_random_uuid(), auth_id uuid not null, full_name text not null
  );
  create table public.clinic_visits (
    id uuid primary key default gen_random_uuid(),
    doctor_id uuid not null references public.clinic_people,
    patient_id uuid not null references public.clinic_people,
    begins timestamptz not null, minutes int not null
  );
  alter table public.clinic_people enable row level security;
  alter table public.clinic_visits enable row level security;
`;
const VIEWS = `
  create or replace view chime_page.appointments as
  select v.id, v.begins as starts_at, v.begins + v.minutes * interval '1 minute' as ends_at,
    'scheduled'::text as status, true as video_enabled, null::text as media_region
  from public.clinic_visits as v;
  create or replace view chime_page.participants as
  select v.id as appointment_id, p.auth_id::text as subject, p.id as participant_id,
    case when p.id = v.doctor_id then 'provider' else 'patient' end as role,
    p.full_name as display_name, null::text as locale, null::text as time_zone
  from public.clinic_visits as v
  join public.clinic_people as p on p.id in (v.doctor_id, v.patient_id);
`;

/** Their repository, and their database with Supabase's roles and their first migration. */
async function theirProject(): Promise<{ readonly url: string; readonly remote: string }> {
  await Deno.mkdir(theirs);
  await cli.succeed(theirs, ["init", "--yes"]);
  await Deno.mkdir(`${theirs}/supabase/migrations`, { recursive: true });
  // Dated after ours, so that the push needs `--include-all`.
  await Deno.writeTextFile(`${theirs}/supabase/migrations/20290101000000_clinic.sql`, TABLES);
  const url = await postgres.createDatabase("clinic");
  await Deno.mkdir(`${folder}/none`);
  const empty = await startSupabase({
    database: { kind: "postgres", url },
    migrationsDir: `${folder}/none`,
  });
  await empty.close();
  const remote = `--remote=${url.replace("postgres@", "postgres:any@")}?sslmode=disable`;
  await cli.succeed(theirs, ["db", "push", remote, "--yes"]);
  return { url, remote };
}

/** Runs `deno task adopt` as a person does. */
async function adopt(): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "adopt", theirs, "--yes"],
    cwd: pathOf(""),
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stdout) + text.decode(stderr));
  return text.decode(stdout);
}

looseTest(
  "from a clean folder to a visit: adopt, db push, functions deploy, and Chromium is in the call",
  async () => {
    const { url, remote } = await theirProject();
    const steps = await adopt();
    const push = ["db", "push", remote, "--yes"];
    assert.match(steps, /db push --remote --include-all$/m);
    await cli.succeed(theirs, [...push, "--include-all"]);
    await Deno.writeTextFile(`${theirs}/supabase/migrations/20290102000000_views.sql`, VIEWS);
    await cli.succeed(theirs, push);
    await cli.succeed(theirs, [
      "functions",
      "deploy",
      "chime-page",
      `--remote=${PROJECT}`,
      "--yes",
      "--use-api",
    ]);
    const uploaded = cli.api.functions.get("chime-page");
    assert.ok(uploaded);
    assert.equal(uploaded.metadata["verify_jwt"], false);
    assert.deepEqual(uploaded.files.map(({ name }) => name).sort(), [
      "supabase/functions/chime-page/deno.json",
      "supabase/functions/chime-page/index.js",
    ]);
    const { entry } = await unpack(uploaded, `${folder}/uploaded`);
    const stack = await startTestStack({
      database: { kind: "postgres", url },
      migrationsDir: `${theirs}/supabase/migrations`,
      run: {
        deno: platform.deno,
        worker: platform.worker,
        entry,
        // No package and no other module can help.
        flags: ["--no-lock", "--no-config", "--no-npm", "--no-remote"],
      },
    });
    try {
      assert.deepEqual(stack.supabase.appliedMigrations, []);
      const visit = await theirVisit(stack);
      await onPhone(browser, await passUrl(visit, visit.provider), async ({ page }, status) => {
        assert.equal(status, 200);
        await untilInPage(page, () => "ChimeSDK" in globalThis);
        assert.match(await page.content(), /Aïcha Bello/);
      });
      assert.equal(stack.chime.meetings().length, 1);
      await onPhone(browser, await passUrl(visit, visit.patient), (_phone, status) => {
        assert.equal(status, 200);
        return Promise.resolve();
      });
      const stranger = await stack.issuer.token(crypto.randomUUID());
      const refused = await fetch(visit.url, { headers: { Authorization: `Bearer ${stranger}` } });
      assert.equal(refused.status, 404);
      await refused.body?.cancel();
      assert.deepEqual(await stack.supabase.sql("select * from chime_page.check()"), []);
    } finally {
      await stack.stop();
    }
    assert.match(await adopt(), /files are up to date$/m);
  },
);

/** A visit in their own tables that takes place now. */
async function theirVisit(stack: Awaited<ReturnType<typeof startTestStack>>): Promise<TestVisit> {
  const person = async (name: string): Promise<TestPerson> => {
    const [subject, participantId] = [crypto.randomUUID(), crypto.randomUUID()];
    await stack.supabase.sql(
      "insert into public.clinic_people (id, auth_id, full_name) values ($1, $2, $3)",
      [participantId, subject, name],
    );
    await stack.supabase.sql("insert into auth.users (id, email) values ($1, $2)", [
      subject,
      `${subject}@example.org`,
    ]);
    return { subject, participantId, token: await stack.issuer.token(subject) };
  };
  const [provider, patient] = [await person("Dr. Ngo Bassa"), await person("Aïcha Bello")];
  const [row] = await stack.supabase.sql(
    `insert into public.clinic_visits (doctor_id, patient_id, begins, minutes)
     values ($1, $2, now(), 30) returning id`,
    [provider.participantId, patient.participantId],
  );
  const id = String(row?.["id"]);
  return { id, url: `${stack.pageUrl}/${id}`, provider, patient };
}
