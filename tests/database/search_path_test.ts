import assert from "node:assert/strict";
import postgres from "postgres";
import { startPostgres } from "../support/postgres.ts";
import { at, makeVisit, newHash, newToken, startEmpty } from "../support/database.ts";

const server = await startPostgres();
const supabase = await startEmpty({ kind: "postgres", url: server.url });
Deno.test.afterAll(async () => {
  await supabase.close();
  await server.stop();
});

/** Types that the functions mention, and those of their parameters. */
const TYPES = ["text", "uuid", "jsonb", "timestamptz", "int4", "bool", "bytea", "interval"];

Deno.test("every function of the project searches pg_temp last", async () => {
  const functions = await supabase.sql(
    `select p.oid::regprocedure::text as name, p.proconfig::text[] as config
     from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
     where n.nspname = 'chime_page' or (n.nspname = 'public' and p.proname like 'chime\\_page\\_%')
     order by 1`,
  );
  assert.ok(functions.length > 15);
  for (const { name, config } of functions) {
    assert.deepEqual(config, ["search_path=pg_catalog, pg_temp"], String(name));
  }
});

Deno.test("a caller's domains named like types do not run with the owner's privileges", async () => {
  const visit = await makeVisit(supabase.sql);
  const attacker = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    await attacker`set role service_role`;
    // Records who runs it. The check of a domain runs when a value is converted to it.
    await attacker.unsafe(`
      create function pg_temp.spy() returns boolean language plpgsql as $$
      begin
        perform pg_catalog.set_config('spy.ran_as', current_user, false);
        return true;
      end $$;
      ${
      TYPES.map((type) =>
        `create domain pg_temp.${type} as pg_catalog.${type} check (pg_temp.spy());`
      ).join("\n")
    }`);
    const [started] = await attacker`select null::pg_temp.uuid, current_setting('spy.ran_as') as r`;
    assert.equal(started?.["r"], "service_role", "the spy works");

    const [opened] = await attacker`select public.chime_page_open(
      p_appointment => ${visit.id}, p_now => ${at(0)}, p_subject => ${visit.provider},
      p_new_session => ${newHash()}, p_claim => ${newToken()}
    ) as answer`;
    const answer = opened?.["answer"];
    assert.equal(answer.outcome, "found");
    const created = await attacker`select public.chime_page_meeting_created(
      ${answer.meeting.id}, ${attacker.json({ MeetingId: "m" })}, ${at(0)}) as answer`;
    assert.equal(created[0]?.["answer"].outcome, "stored");
    const pass = await attacker`select public.chime_page_pass_create(
      ${visit.id}, ${visit.patient}, ${newHash()}, ${at(2)}, 60, ${at(0)}) as answer`;
    assert.equal(pass[0]?.["answer"].outcome, "created");
    const ended = await attacker`select public.chime_page_meeting_ended(
      ${answer.meeting.id}, 'by-provider', null, ${at(1)}) as answer`;
    assert.equal(ended[0]?.["answer"].outcome, "ended");

    const [after] = await attacker`select current_setting('spy.ran_as') as ran_as`;
    assert.equal(after?.["ran_as"], "service_role");
  } finally {
    await attacker.end();
  }
});
