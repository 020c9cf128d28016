/** The real CLI and a real Postgres with Supabase's roles. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { startSupabase } from "../../dev/supabase/embedded.ts";
import { adopt } from "../../ops/adopt/adopt.ts";
import { readRelease } from "../../ops/adopt/release.ts";
import { startPostgres } from "../support/postgres.ts";
import { pathOf } from "../support/project.ts";
import { looseTest } from "../support/sanitizers.ts";
import { startCli } from "../support/supabase_cli.ts";

const ROOT = pathOf("");
const folder = await Deno.makeTempDir({ prefix: "chime-page push " });
const server = await startPostgres();
const cli = await startCli();
Deno.test.afterAll(async () => {
  await cli.stop();
  await server.stop();
  await Deno.remove(folder, { recursive: true });
});

/** A role with the rights of the platform's `postgres`, which is no superuser. */
const OWNER = `
  do $$ begin
    if not exists (select from pg_roles where rolname = 'project_owner') then
      create role project_owner login createrole createdb bypassrls;
    end if;
  end $$;
  grant anon, authenticated, service_role to project_owner;
  grant all on schema public to project_owner;
  grant usage on schema auth to project_owner;
  grant select on all tables in schema auth to project_owner;
  alter default privileges for role project_owner in schema public
    grant all on tables to anon, authenticated, service_role;
  alter default privileges for role project_owner in schema public
    grant all on functions to anon, authenticated, service_role;
  drop schema supabase_migrations cascade;
`;

/** A new project's database, with Supabase's roles and its Auth tables, but without migrations. */
async function newProject(name: string) {
  const url = await server.createDatabase(name);
  await Deno.mkdir(`${folder}/none`, { recursive: true });
  const supabase = await startSupabase({
    database: { kind: "postgres", url },
    migrationsDir: `${folder}/none`,
  });
  await supabase.script(OWNER);
  await supabase.sql(`alter database ${name} owner to project_owner`);
  await supabase.close();
  const remote = `--remote=${url.replace("postgres@", "project_owner:any@")}?sslmode=disable`;
  const query = async (text: string) => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    try {
      return (await sql.unsafe(text)).map((row) => Object.values(row)[0]);
    } finally {
      await sql.end();
    }
  };
  const versions = () =>
    query("select version from supabase_migrations.schema_migrations order by version");
  return { remote, query, versions };
}

/** The versions of a folder's migrations. */
async function versionsIn(path: string): Promise<readonly string[]> {
  const names = await Array.fromAsync(
    Deno.readDir(`${path}/supabase/migrations`),
    ({ name }) => name.split("_")[0] ?? "",
  );
  return names.sort();
}

/** Somebody else's repository, made by the CLI, with one migration. */
async function theirRepository(name: string, migration: string): Promise<string> {
  const path = `${folder}/${name}`;
  await Deno.mkdir(path);
  await cli.succeed(path, ["init", "--yes"]);
  await Deno.mkdir(`${path}/supabase/migrations`, { recursive: true });
  await Deno.writeTextFile(
    `${path}/supabase/migrations/${migration}.sql`,
    "create table public.bookings (id uuid primary key);",
  );
  return path;
}

async function adoptInto(path: string): Promise<string> {
  const lines: string[] = [];
  const code = await adopt([path, "--yes"], {
    print: (line) => void lines.push(line),
    confirm: () => false,
    release: readRelease,
  });
  assert.equal(code, 0, lines.join("\n"));
  return lines.join("\n");
}

looseTest(
  "db push applies every migration to an empty project, and none the second time",
  async () => {
    const project = await newProject("empty");
    const push = ["db", "push", project.remote, "--yes"];
    await cli.succeed(ROOT, [...push, "--dry-run"]);
    assert.deepEqual(await project.query("select to_regnamespace('chime_page')"), [null]);
    await cli.succeed(ROOT, push);
    assert.deepEqual(await project.versions(), await versionsIn(ROOT));
    assert.match(await cli.succeed(ROOT, push), /Remote database is up to date/);
    const check = [
      "db",
      "query",
      project.remote,
      "--read-only",
      "select * from chime_page.check()",
    ];
    await cli.succeed(ROOT, check);
  },
);

looseTest("the advisors find nothing in what the migrations create", async () => {
  const project = await newProject("advised");
  await cli.succeed(ROOT, ["db", "push", project.remote, "--yes"]);
  const advise = ["db", "advisors", project.remote, "--level", "warn", "--fail-on", "warn"];
  assert.match(await cli.succeed(ROOT, advise), /No issues found/);
  // They do find something where something is wrong.
  await project.query("create table public.open (id int)");
  const { code, text } = await cli.run(ROOT, advise);
  assert.equal(code, 1, text);
  assert.match(text, /rls_disabled_in_public/);
});

looseTest("no command puts the demo people into a remote project", async () => {
  const project = await newProject("seeded");
  const push = ["db", "push", project.remote, "--yes", "--include-seed"];
  await cli.succeed(ROOT, push);
  await cli.succeed(ROOT, push);
  assert.deepEqual(await project.query("select count(*)::int from auth.users"), [0]);
  assert.deepEqual(await project.query("select count(*)::int from public.visit_participants"), [0]);
  // Even by hand they do not come to people who are real.
  await project.query(
    "insert into auth.users (id, email) values (gen_random_uuid(), 'real@example.org')",
  );
  const seed = await Deno.readTextFile(pathOf("supabase/seed.sql"));
  await assert.rejects(project.query(seed), /This database has people of its own/);
  assert.deepEqual(await project.query("select count(*)::int from auth.users"), [1]);
});

looseTest(
  "a project with migrations of its own takes ours only from its own repository",
  async () => {
    const project = await newProject("beside");
    const theirs = await theirRepository("clinic", "20250101000000_bookings");
    const push = ["db", "push", project.remote, "--yes"];
    await cli.succeed(theirs, push);
    // From this repository the CLI refuses, with advice that would rewrite their history.
    const { code, text } = await cli.run(ROOT, push);
    assert.notEqual(code, 0);
    assert.match(text, /Remote migration versions not found in local migrations directory/);
    assert.match(text, /migration repair --status reverted/);
    const steps = await adoptInto(theirs);
    assert.doesNotMatch(steps, /--include-all/);
    await cli.succeed(theirs, push);
    assert.deepEqual(await project.versions(), await versionsIn(theirs));
    assert.ok((await project.versions()).includes("20250101000000"));
  },
);

looseTest("adopt asks for --include-all exactly where the CLI needs it", async () => {
  const project = await newProject("later");
  const theirs = await theirRepository("later", "20300101000000_bookings");
  const push = ["db", "push", project.remote, "--yes"];
  await cli.succeed(theirs, push);
  assert.match(await adoptInto(theirs), /db push --remote --include-all$/m);
  const { code, text } = await cli.run(theirs, push);
  assert.notEqual(code, 0);
  assert.match(text, /--include-all/);
  await cli.succeed(theirs, [...push, "--include-all"]);
  assert.deepEqual(await project.versions(), await versionsIn(theirs));
});

looseTest("the default tables can be dropped once the views are over other tables", async () => {
  const project = await newProject("own");
  await cli.succeed(ROOT, ["db", "push", project.remote, "--yes"]);
  await project.query(`
    create or replace view chime_page.appointments as
    select null::uuid as id, now() as starts_at, now() as ends_at, 'scheduled'::text as status,
      true as video_enabled, null::text as media_region
    where false;
    create or replace view chime_page.participants as
    select null::uuid as appointment_id, ''::text as subject, null::uuid as participant_id,
      ''::text as role, ''::text as display_name, null::text as locale, null::text as time_zone
    where false;
    drop table public.visit_participants, public.visit_appointments;
  `);
  assert.deepEqual(await project.query("select count(*)::int from chime_page.check()"), [0]);
  assert.deepEqual(
    await project.query(
      "select public.chime_page_open(gen_random_uuid(), now(), 'someone') ->> 'outcome'",
    ),
    ["visit-not-found"],
  );
});
