import assert from "node:assert/strict";
import { demoPeople } from "../../dev/supabase/demo_people.ts";
import { type EmbeddedSupabase, startSupabase } from "../../dev/supabase/embedded.ts";
import type { DatabaseOptions } from "../../dev/supabase/database.ts";
import { startPostgres } from "../support/postgres.ts";
import { callerOf, newToken } from "../support/database.ts";
import { pathOf } from "../support/project.ts";

function startWithSeed(database: DatabaseOptions): Promise<EmbeddedSupabase> {
  return startSupabase({
    database,
    migrationsDir: pathOf("supabase/migrations"),
    seedFile: pathOf("supabase/seed.sql"),
  });
}

/** Uses a project and closes it. */
async function using<T>(
  database: DatabaseOptions,
  work: (supabase: EmbeddedSupabase) => Promise<T>,
): Promise<T> {
  const supabase = await startWithSeed(database);
  try {
    return await work(supabase);
  } finally {
    await supabase.close();
  }
}

async function migrationVersions(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(pathOf("supabase/migrations"))) names.push(name);
  return names.sort().map((name) => name.slice(0, name.indexOf("_")));
}

/** What a demo person finds, by the answer of `open`. */
async function outcomeOf(supabase: EmbeddedSupabase, subject: string, appointment: string) {
  const now = new Date();
  const answer = await callerOf(supabase)("open", {
    p_appointment: appointment,
    p_now: now.toISOString(),
    p_subject: subject,
    p_claim: newToken(),
  });
  assert.equal(answer.outcome, "found");
  const visit = answer["appointment"] as Record<string, string>;
  const people = answer["people"] as readonly unknown[];
  if (visit["status"] === "cancelled") return "cancelled";
  if (visit["status"] === "completed") return "over";
  if (!visit["video_enabled"]) return "video-disabled";
  if (answer["meeting"] === null && now < new Date(visit["starts_at"] ?? "")) return "too-early";
  return people.length > 2 ? "group" : "open";
}

/** Every demo person signs in and finds what the list says. */
async function checkDemoPeople(supabase: EmbeddedSupabase): Promise<void> {
  for (const person of demoPeople) {
    const { subject } = await supabase.signIn(person.email, person.password);
    const [row] = await supabase.sql(
      `select appointment_id, display_name, role from chime_page.participants where subject = $1`,
      [subject],
    );
    assert.deepEqual(row, {
      appointment_id: person.appointmentId,
      display_name: person.name,
      role: person.role,
    });
    const outcome = await outcomeOf(supabase, subject, person.appointmentId);
    assert.equal(outcome, person.appointment, person.name);
  }
  const [count] = await supabase.sql("select count(*)::int as all from chime_page.participants");
  assert.deepEqual(count, { all: demoPeople.length });
}

Deno.test("the migrations apply to an empty embedded database and the demo people sign in, twice", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "chime-page-pglite-" });
  try {
    const claimed = await using({ kind: "pglite", dataDir }, async (supabase) => {
      assert.deepEqual(supabase.appliedMigrations, await migrationVersions());
      await checkDemoPeople(supabase);
      return await supabase.sql("select id from chime_page.meetings order by id");
    });
    await using({ kind: "pglite", dataDir }, async (supabase) => {
      assert.deepEqual(supabase.appliedMigrations, []);
      const kept = await supabase.sql("select id from chime_page.meetings order by id");
      assert.deepEqual(kept, claimed);
      await checkDemoPeople(supabase);
    });
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});

Deno.test("the migrations apply to an empty server and the demo people sign in, twice", async () => {
  const server = await startPostgres();
  try {
    const database = { kind: "postgres", url: server.url } as const;
    await using(database, async (supabase) => {
      assert.deepEqual(supabase.appliedMigrations, await migrationVersions());
      await checkDemoPeople(supabase);
    });
    await using(database, async (supabase) => {
      assert.deepEqual(supabase.appliedMigrations, []);
      await checkDemoPeople(supabase);
    });
  } finally {
    await server.stop();
  }
});

Deno.test("of two projects that start on one empty database at once, one migrates it", async () => {
  const server = await startPostgres();
  try {
    const database = { kind: "postgres", url: server.url } as const;
    const both = await Promise.all([startWithSeed(database), startWithSeed(database)]);
    const applied = both.flatMap((supabase) => supabase.appliedMigrations);
    await Promise.all(both.map((supabase) => supabase.close()));
    assert.deepEqual(applied, await migrationVersions());
  } finally {
    await server.stop();
  }
});

Deno.test("applying the seed again moves the visits to now and ends their meetings", async () => {
  await using({ kind: "pglite" }, async (supabase) => {
    const [open] = demoPeople;
    assert.ok(open);
    const { subject } = await supabase.signIn(open.email, open.password);
    await outcomeOf(supabase, subject, open.appointmentId);
    await supabase.sql(
      "update public.visit_appointments set starts_at = '2001-01-01', ends_at = '2001-01-02'",
    );
    await supabase.script(await Deno.readTextFile(pathOf("supabase/seed.sql")));
    const [row] = await supabase.sql(
      `select a.starts_at < now() and a.ends_at > now() as is_now,
         (select count(*)::int from chime_page.meetings where ended_at is null) as live
       from chime_page.appointments as a where a.id = $1`,
      [open.appointmentId],
    );
    assert.deepEqual(row, { is_now: true, live: 0 });
  });
});

Deno.test("a database with migrations that the project does not have is refused", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "chime-page-pglite-" });
  const migrationsDir = await Deno.makeTempDir({ prefix: "chime-page-migrations-" });
  const start = () => startSupabase({ database: { kind: "pglite", dataDir }, migrationsDir });
  try {
    await Deno.writeTextFile(`${migrationsDir}/1_old.sql`, "create table public.old (id int);");
    await (await start()).close();
    await Deno.rename(`${migrationsDir}/1_old.sql`, `${migrationsDir}/1_new.sql`);
    await assert.rejects(start(), /1_old is not in the project any more.*Delete/);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
    await Deno.remove(migrationsDir, { recursive: true });
  }
});

Deno.test("a migration that fails is named and leaves nothing behind", async () => {
  const migrationsDir = await Deno.makeTempDir({ prefix: "chime-page-migrations-" });
  try {
    await Deno.writeTextFile(
      `${migrationsDir}/1_broken.sql`,
      "create table public.half (id int); select 1 / 0;",
    );
    const database = { kind: "pglite" } as const;
    await assert.rejects(startSupabase({ database, migrationsDir }), /1_broken\.sql/);
  } finally {
    await Deno.remove(migrationsDir, { recursive: true });
  }
});

Deno.test("the first demo person is the provider of an open visit", () => {
  assert.deepEqual(
    demoPeople.slice(0, 2).map(({ role, appointment }) => ({ role, appointment })),
    [{ role: "provider", appointment: "open" }, { role: "patient", appointment: "open" }],
  );
});
