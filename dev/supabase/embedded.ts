// First: it is an optional peer of `@supabase/lite/postgres`, and without a lock file Deno resolves
// lite's peers at the first import of lite.
import "postgres";
import { App, generateApiKey } from "@supabase/lite";
import { createClient } from "@supabase/supabase-js";
import { serveLocally } from "../local_server.ts";
import { type Database, type DatabaseOptions, openDatabase } from "./database.ts";
import { applySqlFiles } from "./sql_files.ts";
import { applyMigrations } from "./migrations.ts";

export interface SupabaseOptions {
  readonly database: DatabaseOptions;
  /** Folder of `<version>_<name>.sql` files. */
  readonly migrationsDir: string;
  /** SQL that is run at every start, after the migrations. */
  readonly seedFile?: string;
  /** An adopter's SQL files and folders, run after the migrations in a new database. */
  readonly sql?: readonly string[];
  /** Is told what of that SQL was left out. */
  readonly note?: ((text: string) => void) | undefined;
}

/** A Supabase project in this process: Data API and Auth API for the ordinary `supabase-js`. */
export type EmbeddedSupabase = Awaited<ReturnType<typeof startSupabase>>;

/**
 * Starts a Supabase on `@supabase/lite`, with fresh keys. They are enforced as on the platform: a
 * call without one is refused, the publishable key is `anon`, the secret key is `service_role`, and
 * only the schema `public` is exposed.
 */
export async function startSupabase(options: SupabaseOptions) {
  const keys = await createKeys();
  const database = await openDatabase(options.database);
  try {
    const app = createApp(database, keys);
    const appliedMigrations = await database.alone(() => prepare(app, database, options));
    const { url, stop } = serveLocally(async (request, info) => {
      // Read before the queue: a slow sender must not hold up the others.
      const body = request.body === null ? null : await request.arrayBuffer();
      const { method, headers } = request;
      return await database.exclusively(() =>
        app.fetch(new Request(request.url, { method, headers, body }), {
          peerAddress: info.remoteAddr.hostname,
        })
      );
    });
    return {
      ...keys,
      url,
      /** Versions of the migrations that this start applied. */
      appliedMigrations,
      /** A query as the owner of the database, without roles and policies. */
      sql: database.query,
      /** Several statements as the owner, in one transaction. */
      script: database.script,
      /**
       * Signs a person in by password through the Auth API. Returns a bearer token of an hour and its
       * `sub`; throws the API's error.
       */
      signIn: (email: string, password: string) =>
        signIn(url, keys.publishableKey, email, password),
      close: async () => {
        await stop();
        await database.close();
      },
    };
  } catch (problem) {
    await database.close();
    throw problem;
  }
}

/** API keys of the platform's new kind, and a secret for tokens. */
async function createKeys() {
  const [publishable, secret] = await Promise.all([
    generateApiKey("publishable"),
    generateApiKey("secret"),
  ]);
  const jwtSecret = crypto.randomUUID() + crypto.randomUUID();
  return { publishableKey: publishable.key, secretKey: secret.key, jwtSecret };
}

function createApp(database: Database, keys: Awaited<ReturnType<typeof createKeys>>): App {
  return new App({
    connection: database.connection,
    api: { enabled: true, schemas: ["public"] },
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
    },
    // Admin mode would run calls without a key as `service_role`.
    options: { server: { admin: false, disableStudio: true } },
  });
}

/** In the order of a hosted project: auth tables, roles, migrations, seed. */
async function prepare(
  app: App,
  database: Database,
  options: SupabaseOptions,
): Promise<readonly string[]> {
  await database.exclusively(() => app.ensureSystemSchema());
  await database.script(await Deno.readTextFile(new URL("platform.sql", import.meta.url)));
  const applied = await applyMigrations(database, options.migrationsDir);
  if (options.seedFile !== undefined) {
    await database.script(await Deno.readTextFile(options.seedFile));
  }
  await applySqlFiles(database, options.sql ?? [], options.note);
  return applied;
}

async function signIn(url: string, publishableKey: string, email: string, password: string) {
  const client = createClient(url, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  const { data, error } = await client.auth.signInWithPassword({ email, password });
  if (error !== null) throw new Error(`Cannot sign in ${email}`, { cause: error });
  return { accessToken: data.session.access_token, subject: data.user.id };
}
