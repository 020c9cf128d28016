import type { Database } from "./database.ts";

/**
 * Applies the migrations of a folder that were not applied yet, in the order of their versions, each
 * in one transaction with its record. Names are `<version>_<name>.sql`, and the record is the
 * platform's own (`supabase_migrations.schema_migrations`), as the Supabase CLI writes it.
 *
 * Returns the versions that it applied. Throws if the database has a migration that is not in the
 * folder.
 */
export async function applyMigrations(database: Database, folder: string): Promise<string[]> {
  await database.script(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (
      version text primary key, statements text[], name text
    );
  `);
  const files = await migrationFiles(folder);
  const records = await database.query(
    "select version || '_' || name as file from supabase_migrations.schema_migrations",
  );
  const known = new Set(records.map(({ file }) => String(file)));
  for (const file of known) {
    if (files.includes(file)) continue;
    throw new Error(
      `Cannot use this database: its migration ${file} is not in the project any more. ` +
        "Delete the folder of the database and start again",
    );
  }
  const applied: string[] = [];
  for (const file of files.filter((one) => !known.has(one))) {
    const [, version = "", name = ""] = FILE.exec(file) ?? [];
    const text = await Deno.readTextFile(`${folder}/${file}.sql`);
    // The file's pattern allows nothing that would have to be quoted.
    const record = `insert into supabase_migrations.schema_migrations (version, name)
      values ('${version}', '${name}');`;
    try {
      await database.script(`${text}\n${record}`);
    } catch (cause) {
      throw new Error(`Cannot apply migration ${file}.sql`, { cause });
    }
    applied.push(version);
  }
  return applied;
}

const FILE = /^(\d+)_([a-z0-9_]+)$/;

/** Names of the migrations without `.sql`, in the order of their versions. */
async function migrationFiles(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const version = (file: string) => FILE.exec(file)?.[1] ?? "";
  return names.filter((name) => name.endsWith(".sql")).map((name) => name.slice(0, -4))
    .filter((file) => FILE.test(file)).sort((a, b) => version(a) < version(b) ? -1 : 1);
}
