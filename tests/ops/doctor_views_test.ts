import assert from "node:assert/strict";
import { doctor } from "../../ops/doctor/doctor.ts";
import { checkViews } from "../../ops/doctor/view_checks.ts";
import type { CheckResult } from "../../ops/doctor/check_result.ts";
import { startPostgres } from "../support/postgres.ts";
import { makeVisit, startEmpty } from "../support/database.ts";
import { looseTest } from "../support/sanitizers.ts";
import { testDependencies } from "./support.ts";

const server = await startPostgres();
const supabase = await startEmpty({ kind: "postgres", url: server.url });
Deno.test.afterAll(async () => {
  await supabase.close();
  await server.stop();
});

/** The doctor's rows about the views; nothing else can be reached. */
async function examine(databaseUrl: string) {
  const dependencies = testDependencies({ url: "http://127.0.0.1:1" }, {
    SUPABASE_DB_URL: databaseUrl,
  });
  await doctor(["http://127.0.0.1:1/functions/v1/chime-page", "--json"], dependencies);
  const { rows } = JSON.parse(dependencies.text()) as { rows: readonly CheckResult[] };
  return rows.filter(({ check }) => check === "views").map(({ state, found, remedy }) => ({
    state,
    found,
    remedy,
  }));
}

looseTest("with the database's URL the doctor shows what is wrong with the rows", async () => {
  const hour = 3_600_000;
  const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
  const visit = await makeVisit(supabase.sql, { startsAt: at(1), endsAt: at(2) });
  assert.deepEqual(await examine(server.url), [
    { state: "ok", found: "no row is wrong", remedy: "" },
  ]);
  await supabase.script(`
    update public.visit_participants set time_zone = 'S3CRET zone!';
    alter table public.visit_participants drop constraint visit_participants_role;
    update public.visit_participants set role = 'S3CRET' where role = 'patient';
  `);
  const remedy = "correct the view or its rows: docs/adopting.md, Check your rows";
  assert.deepEqual(await examine(server.url), [
    {
      state: "fault",
      found: `participants.role: unknown role (1 row, such as appointment ${visit.id})`,
      remedy,
    },
    {
      state: "note",
      found: "participants.time_zone: not a name such as Africa/Douala: ignored " +
        `(2 rows, such as appointment ${visit.id})`,
      remedy,
    },
  ]);
});

looseTest(
  "the doctor says why it cannot check the rows, without what the database says",
  async () => {
    const state = async (url: string | undefined) =>
      (await checkViews(url)).map((row) => [row.state, row.found]);
    assert.deepEqual(await state(undefined), [["skipped", "no database URL"]]);
    assert.deepEqual(await state("nonsense"), [["skipped", "SUPABASE_DB_URL is not a URL"]]);
    assert.deepEqual(await state("postgres://postgres@127.0.0.1:1/postgres"), [
      ["skipped", "no access to the database: ECONNREFUSED"],
    ]);
    const empty = await server.createDatabase("empty");
    assert.deepEqual(await state(empty), [["fault", "the database has no chime_page.check()"]]);
    await supabase.script(
      `create role visitor login; grant usage on schema chime_page to visitor;`,
    );
    assert.deepEqual(await state(server.url.replace("postgres@", "visitor@")), [
      ["skipped", "this role may not run the check"],
    ]);
    await supabase.script(`
    create or replace view chime_page.appointments as
    select id, starts_at, ends_at, (1 / (length(status) - length(status)))::text as status,
      video_enabled, media_region
    from public.visit_appointments;
  `);
    assert.deepEqual(await state(server.url), [
      ["fault", "the views cannot be read: SQLSTATE 22012"],
    ]);
  },
);
