import assert from "node:assert/strict";
import { applySqlFiles, SqlFileError } from "../../dev/supabase/sql_files.ts";
import { startEmpty } from "../support/database.ts";

const supabase = await startEmpty();
Deno.test.afterAll(() => supabase.close());
const database = { query: supabase.sql, script: supabase.script };

/** Applies a folder of these files. Returns what it said, or the error. */
async function apply(files: Record<string, string>) {
  const folder = await Deno.makeTempDir({ prefix: "chime-page sql-" });
  const notes: string[] = [];
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await applySqlFiles(database, [folder], (text) => notes.push(text.replace(folder, "")));
    return { notes, message: "" };
  } catch (error) {
    assert.ok(error instanceof SqlFileError, String(error));
    return { notes, message: error.message.replace(folder, "") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the files of a folder run in the order of their names, and others do not", async () => {
  const { message } = await apply({
    "2_rows.sql": "insert into public.ordered values (2);",
    "1_tables.sql": "create table public.ordered (id int); insert into public.ordered values (1);",
    "README.md": "select nonsense;",
  });
  assert.equal(message, "");
  assert.deepEqual(await supabase.sql("select id from public.ordered"), [{ id: 1 }, { id: 2 }]);
});

Deno.test("an error names the file, the line and the statement", async () => {
  const broken = await apply({
    "a.sql": "select 1;\n\nselect 1,\n  nowhere.a\nfrom public.nothing;",
  });
  assert.match(broken.message, /^\/a\.sql:5: relation "public\.nothing" does not exist/);
  assert.match(broken.message, /statement of line 3: select 1,/);
  const late = await apply({
    "b.sql":
      "create table public.once (id int primary key);\n-- é\ninsert into public.once\nvalues (1), (1);",
  });
  assert.match(late.message, /^\/b\.sql:3: duplicate key value/);
  assert.match(late.message, /detail: Key \(id\)=\(1\) already exists/);
});

Deno.test("what psql alone can run is explained", async () => {
  assert.match((await apply({ "a.sql": "\\restrict abc\nselect 1;" })).message, /psql/);
  await supabase.sql("create table if not exists public.copied (id int)");
  const copy = await apply({ "a.sql": "copy public.copied (id) from stdin;\n1\n\\.\n" });
  assert.match(copy.message, /^\/a\.sql:1: .*pg_dump --inserts/);
});

Deno.test("a dump's extensions, owners, grants and settings are accepted", async () => {
  const { message, notes } = await apply({
    "1.sql": `
      set statement_timeout = 0;
      select pg_catalog.set_config('search_path', '', false);
      set row_security = off;
      create extension if not exists "pg_net" with schema "extensions";
      create extension if not exists "uuid-ossp" with schema "extensions";
      create extension if not exists "pgcrypto" with schema "extensions";
      create table if not exists "public"."dumped" (
        "id" uuid default extensions.uuid_generate_v4(), "user_id" uuid references auth.users (id)
      );
      alter table "public"."dumped" owner to "postgres";
      alter table "public"."dumped" enable row level security;
      create policy "own" on "public"."dumped" using ("auth"."uid"() = "user_id");
      grant all on table "public"."dumped" to "anon", "authenticated", "service_role";`,
    // The next file finds the usual search path again, with the extensions.
    "2.sql": `insert into auth.users (instance_id, id, email, encrypted_password)
      values ('00000000-0000-0000-0000-000000000000', uuid_generate_v4(), 'a@example.org',
        crypt('password', gen_salt('bf', 4)));
      insert into dumped (user_id) select id from auth.users;`,
  });
  assert.equal(message, "");
  assert.deepEqual(notes, ["/1.sql:5: the extension pg_net is not available here, left out"]);
  assert.equal((await supabase.sql("select from public.dumped")).length, 1);
  assert.deepEqual(await supabase.sql("show row_security"), [{ row_security: "on" }]);
});

Deno.test("a path without SQL is named", async () => {
  await assert.rejects(applySqlFiles(database, ["/nowhere/at/all"]), /nowhere\/at\/all/);
  assert.match((await apply({})).message, /Cannot find a \*\.sql file/);
});
