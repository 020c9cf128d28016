import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { startPostgres } from "../support/postgres.ts";
import { at, callerOf, clientOf, makeVisit, newToken } from "../support/database.ts";
import { startSupabase } from "../../dev/supabase/embedded.ts";
import { pathOf } from "../support/project.ts";

const server = await startPostgres();
const supabase = await startSupabase({
  database: { kind: "postgres", url: server.url },
  migrationsDir: pathOf("supabase/migrations"),
  seedFile: pathOf("supabase/seed.sql"),
});
const { sql } = supabase;
const anonymous = clientOf(supabase, supabase.publishableKey);
const service = clientOf(supabase, supabase.secretKey);
const provider = await supabase.signIn("helene.mbarga@example.org", "chime-page-demo");
const authenticated = createClient(supabase.url, supabase.publishableKey, {
  accessToken: () => Promise.resolve(provider.accessToken),
});
const outsiders = [["anon", anonymous], ["authenticated", authenticated]] as const;
Deno.test.afterAll(async () => {
  await supabase.close();
  await server.stop();
});

const contract: Readonly<Record<string, Record<string, unknown>>> = {
  chime_page_open: { p_appointment: crypto.randomUUID(), p_now: at(0) },
  chime_page_meeting_created: { p_meeting: crypto.randomUUID(), p_chime: {}, p_now: at(0) },
  chime_page_meeting_ended: {
    p_meeting: crypto.randomUUID(),
    p_reason: "by-provider",
    p_by: null,
    p_now: at(0),
  },
  chime_page_end_visit: { p_appointment: crypto.randomUUID(), p_by: null, p_now: at(0) },
  chime_page_meeting_deleted: { p_meeting: crypto.randomUUID(), p_now: at(0) },
  chime_page_pass_create: {
    p_appointment: crypto.randomUUID(),
    p_subject: "s",
    p_pass: "0".repeat(64),
    p_expires_at: at(1),
    p_closes_after_minutes: 60,
    p_now: at(0),
  },
  chime_page_session_keep: {
    p_appointment: crypto.randomUUID(),
    p_session: "0".repeat(64),
    p_closes_after_minutes: 60,
    p_now: at(0),
  },
  chime_page_record: {
    p_appointment: crypto.randomUUID(),
    p_session: "0".repeat(64),
    p_events: [],
    p_now: at(0),
  },
  chime_page_status: {
    p_appointment: crypto.randomUUID(),
    p_session: "0".repeat(64),
    p_now: at(0),
  },
  chime_page_leave: {
    p_appointment: crypto.randomUUID(),
    p_session: "0".repeat(64),
    p_page: "a",
    p_now: at(0),
  },
};
const ownedTables = ["meetings", "openings", "pages", "passes", "sessions", "events"];

Deno.test("a call without a key, or with a wrong one, is refused", async () => {
  const url = `${supabase.url}/rest/v1/rpc/chime_page_open`;
  const body = JSON.stringify(contract["chime_page_open"]);
  for (const apikey of [undefined, "sb_secret_wrong", supabase.jwtSecret]) {
    const headers = { "content-type": "application/json", ...(apikey ? { apikey } : {}) };
    const answer = await fetch(url, { method: "POST", headers, body });
    await answer.body?.cancel();
    assert.equal(answer.status, 401);
  }
});

for (const [name, parameters] of Object.entries(contract)) {
  Deno.test(`${name} can be called only with the secret key`, async () => {
    for (const [role, client] of outsiders) {
      assert.equal((await client.rpc(name, parameters)).error?.code, "42501", role);
    }
    const { error } = await service.rpc(name, parameters);
    assert.equal(error, null);
  });
}

Deno.test("no key gives access to the private schema", async () => {
  for (const [role, client] of [...outsiders, ["service_role", service] as const]) {
    for (const name of [...ownedTables, "appointments", "participants"]) {
      const { error } = await client.schema("chime_page").from(name).select("*");
      assert.equal(error?.code, "PGRST106", `${role} ${name}`);
    }
    const { error } = await client.schema("chime_page").rpc("purge", { before: at(0) });
    assert.equal(error?.code, "PGRST106", role);
  }
});

Deno.test("the default tables are not readable for anybody, not even for the people in them", async () => {
  for (const [role, client] of outsiders) {
    for (const name of ["visit_appointments", "visit_participants"]) {
      assert.equal((await client.from(name).select("*")).error?.code, "42501", `${role} ${name}`);
      const { error } = await client.from(name).insert({ id: crypto.randomUUID() });
      assert.equal(error?.code, "42501", `${role} ${name}`);
    }
  }
});

Deno.test("the API's roles have no privileges in the private schema", async () => {
  const rows = await sql(`
    select r.rolname as role, c.relname as name
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'chime_page'
    cross join (values ('anon'), ('authenticated'), ('service_role')) as r (rolname)
    where c.relkind in ('r', 'v') and (
      has_schema_privilege(r.rolname, n.oid, 'usage')
      or has_table_privilege(r.rolname, c.oid, 'select, insert, update, delete, truncate')
    )
  `);
  assert.deepEqual(rows, []);
});

Deno.test("row-level security is on, without policies, for every table of this project", async () => {
  const rows = await sql(`
    select c.relname as name, c.relrowsecurity as secured,
      (select count(*)::int from pg_policy as p where p.polrelid = c.oid) as policies
    from pg_class as c
    where c.relkind = 'r' and (
      c.relnamespace = 'chime_page'::regnamespace
      or c.oid in ('public.visit_appointments'::regclass, 'public.visit_participants'::regclass)
    )
    order by c.relname
  `);
  const names = [...ownedTables, "visit_appointments", "visit_participants"].sort();
  assert.deepEqual(rows, names.map((name) => ({ name, secured: true, policies: 0 })));
});

Deno.test("every security definer function pins its search path and is executable only by service_role", async () => {
  const rows = await sql(`
    select p.proname as name, p.proconfig as settings, array(
      select coalesce(r.rolname, 'public')::text
      from aclexplode(p.proacl) as a left join pg_roles as r on r.oid = a.grantee
      where a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
      order by 1
    ) as executable_by
    from pg_proc as p
    where p.prosecdef and p.pronamespace not in (
      select oid from pg_namespace where nspname in ('pg_catalog', 'information_schema', 'auth')
    )
    order by p.proname
  `);
  assert.deepEqual(
    rows,
    Object.keys(contract).sort().map((name) => ({
      name,
      settings: ["search_path=pg_catalog, pg_temp"],
      executable_by: ["service_role"],
    })),
  );
});

Deno.test("the functions of the private schema pin their search path and are executable only by their owner", async () => {
  const rows = await sql(`
    select p.proname as name
    from pg_proc as p
    where p.pronamespace = 'chime_page'::regnamespace and (
      not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)
      or p.proacl is null
      or exists (select from aclexplode(p.proacl) as a where a.grantee <> p.proowner)
    )
  `);
  assert.deepEqual(rows, []);
});

Deno.test("a table of the same name in a caller's schema is not used", async () => {
  const visit = await makeVisit(sql);
  await sql("create schema decoy");
  await sql("create table decoy.participants (appointment_id uuid, subject text)");
  await sql("alter role service_role set search_path = decoy, public");
  const answer = await callerOf(supabase)("open", {
    p_appointment: visit.id,
    p_now: at(0),
    p_subject: visit.provider,
    p_claim: newToken(),
  });
  assert.equal(answer.outcome, "found");
});

Deno.test("the catalogue describes every column that an adopter must provide", async () => {
  const rows = await sql(`
    select a.attrelid::regclass::text as view, a.attname as column
    from pg_attribute as a
    where a.attrelid in ('chime_page.appointments'::regclass, 'chime_page.participants'::regclass)
      and a.attnum > 0
      and (
        col_description(a.attrelid, a.attnum) is null or obj_description(a.attrelid) is null
      )
  `);
  assert.deepEqual(rows, []);
});
