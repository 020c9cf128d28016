import type { Database } from "./database.ts";

interface Migration {
  readonly version: string;
  readonly name: string;
  readonly file: string;
}

/**
 * Applies the migrations of a folder that were not applied yet, in the order of their versions, each
 * in one transaction with its record. Names are `<version>_<name>.sql` and the record is the
 * platform's own (`supabase_migrations.schema_migrations`), as the Supabase CLI writes it.
 *
 * Returns the versions it applied. Raises an error when the database has migrations that are not in
 * the folder: it was made by another state of the project.
 */
export async function applyMigrations(database: Database, folder: string): Promise<string[]> {
  await database.script(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (
      version text primary key, statements text[], name text
    );
  `);
  const migrations = await listMigrations(folder);
  const known = await readRecords(database);
  refuseOthers(known, migrations);
  const applied: string[] = [];
  for (const migration of migrations) {
    if (known.has(migration.version)) continue;
    const text = await Deno.readTextFile(`${folder}/${migration.file}`);
    try {
      await database.script(`${text}\n${recordOf(migration)}`);
    } catch (cause) {
      throw new Error(`Cannot apply migration ${migration.file}`, { cause });
    }
    applied.push(migration.version);
  }
  return applied;
}

/** Names of the applied migrations, by version. */
async function readRecords(database: Database): Promise<Map<string, string>> {
  const rows = await database.query(
    "select version, name from supabase_migrations.schema_migrations",
  );
  return new Map(rows.map((row) => [String(row["version"]), String(row["name"])]));
}

function refuseOthers(known: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const names = new Map(migrations.map(({ version, name }) => [version, name]));
  for (const [version, name] of known) {
    if (names.get(version) !== name) {
      throw new Error(
        `Cannot use this database: its migration ${version}_${name} is not in the project any more. ` +
          "Delete the folder of the database and start again",
      );
    }
  }
}

async function listMigrations(folder: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const [, version, name] = /^(\d+)_([a-z0-9_]+)\.sql$/.exec(entry.name) ?? [];
    if (version !== undefined && name !== undefined) {
      migrations.push({ version, name, file: entry.name });
    }
  }
  return migrations.sort((one, other) => (one.version < other.version ? -1 : 1));
}

/** The pattern of {@link listMigrations} admits nothing that would have to be quoted. */
function recordOf({ version, name }: Migration): string {
  return `insert into supabase_migrations.schema_migrations (version, name)
    values ('${version}', '${name}');`;
}
