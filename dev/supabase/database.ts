import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { hstore } from "@electric-sql/pglite/contrib/hstore";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";
import type { Connection } from "@supabase/lite";
import { createPgliteConnection } from "@supabase/lite/pglite";
import { createPostgresConnection } from "@supabase/lite/postgres";

/** Postgres in this process (WebAssembly), or a server. */
export type DatabaseOptions =
  | { readonly kind: "pglite"; readonly dataDir?: string }
  | { readonly kind: "postgres"; readonly url: string };

export type Row = Record<string, unknown>;

/** One query with `$1`-style parameters. */
export type Query = (text: string, parameters?: readonly unknown[]) => Promise<Row[]>;

/** A database, used as its owner: no roles, no row-level security. */
export interface Database {
  /** What `@supabase/lite` works on. */
  readonly connection: Connection;
  readonly query: Query;
  /** Several statements in one transaction. */
  script(text: string): Promise<void>;
  /** Runs `work` while no other process starts a Supabase on the same database. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` while no other exclusive work is running. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the database. Without a `dataDir`, PGlite is in memory. */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.kind === "pglite" ? openPglite(options.dataDir) : openPostgres(options.url);
}

/** Extensions that schemas of adopters often need, beside those that lite adds, such as pgcrypto. */
const EXTENSIONS = { btree_gist, citext, hstore, pg_trgm, unaccent, uuid_ossp };

async function openPglite(dataDir: string | undefined): Promise<Database> {
  const connection = await createPgliteConnection({
    ...(dataDir === undefined ? {} : { url: dataDir }),
    pgliteOptions: { extensions: EXTENSIONS },
  });
  skipBroadGrants(connection);
  logErrorsBriefly(connection);
  const exclusively = keepingExitCode(createQueue());
  return {
    connection,
    query: (text, parameters = []) =>
      exclusively(async () => (await connection.driver.query<Row>(text, [...parameters])).rows),
    script: (text) =>
      exclusively(async () => {
        await connection.driver.transaction((transaction) => transaction.exec(text));
      }),
    alone: (work) => work(),
    exclusively,
    close: () => connection.close(),
  };
}

function openPostgres(url: string): Promise<Database> {
  const postgresOptions = { onnotice: () => {}, types: { json: json(114), jsonb: json(3802) } };
  const connection = createPostgresConnection({ url, postgresOptions });
  skipBroadGrants(connection);
  logErrorsBriefly(connection);
  const { driver } = connection;
  return Promise.resolve({
    connection,
    query: async (text, parameters = []) => [
      // The driver throws for a parameter that it cannot encode.
      ...await driver.unsafe<Row[]>(text, [...parameters] as Parameters<typeof driver.unsafe>[1]),
    ],
    script: async (text) => {
      await driver.begin((transaction) => transaction.unsafe(text));
    },
    alone: async (work) => {
      const reserved = await driver.reserve();
      try {
        await reserved`select pg_advisory_lock(hashtext('chime-page start'))`;
        return await work();
      } finally {
        await reserved`select pg_advisory_unlock(hashtext('chime-page start'))`;
        reserved.release();
      }
    },
    exclusively: (work) => work(),
    close: () => connection.close(),
  });
}

/**
 * How JSON of a type (by its object id) is sent to a server. Lite serializes the JSON arguments of a
 * call itself, and its own setting would serialize that text again: an array would arrive as one
 * string. The race test over the Data API fails without this.
 */
function json(type: number) {
  return {
    to: type,
    from: [type],
    serialize: (value: unknown) => typeof value === "string" ? value : JSON.stringify(value),
    parse: (text: string): unknown => JSON.parse(text),
  };
}

/**
 * At its first request, lite grants everything in every schema that has row-level security to
 * `anon`, `authenticated` and `service_role`. The hosted platform does that only in `public`, and
 * more grants would hide a missing `revoke`. The field is private in lite's types;
 * tests/database/privacy_test.ts fails if a later version ignores it.
 */
function skipBroadGrants(connection: Connection): void {
  Reflect.set(connection, "rlsState", "active");
}

/** Lite prints every database error with its stack and parameters. This makes it one line. */
function logErrorsBriefly(connection: Connection): void {
  const normalize = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => {
    const normalized = normalize(error);
    if (normalized instanceof Error && "code" in normalized) {
      const line = `database: ${normalized.code} ${normalized.message}`;
      Object.defineProperty(normalized, Symbol.for("Deno.customInspect"), { value: () => line });
    }
    return normalized;
  };
}

/**
 * PGlite has one session. If the statements of two requests were mixed, they would share a
 * transaction, and with it the role of the request that began it.
 */
function createQueue(): Database["exclusively"] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
}

/** PGlite's runtime sets an exit code (99, 100), which would become the one of this process. */
function keepingExitCode(exclusively: Database["exclusively"]): Database["exclusively"] {
  return (work) =>
    exclusively(async () => {
      const before = Deno.exitCode;
      try {
        return await work();
      } finally {
        Deno.exitCode = before;
      }
    });
}
