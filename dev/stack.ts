import { fileURLToPath } from "node:url";
import { chosenSdk, ensureSdk, SDK_DIRECTORY } from "../sdk/build.ts";
import { startCloudFrontProxy } from "./aws/cloudfront_proxy.ts";
import { type Cdn, startCdn } from "./cdn/origin.ts";
import { type Chime, type ChimeOptions, startChime } from "./chime/chime.ts";
import { type FunctionOptions, type FunctionProcess, startFunction } from "./function/process.ts";
import { startGateway } from "./gateway.ts";
import { answerHomePage } from "./home_page.ts";
import { createSigningKey, type SigningKey } from "./signing_key.ts";
import { CHIME_KEY } from "./stand_ins.ts";
import type { DatabaseOptions } from "./supabase/database.ts";
import { type EmbeddedSupabase, startSupabase } from "./supabase/embedded.ts";

export interface StackOptions {
  /** Port of the gateway; any free one by default. */
  readonly port?: number;
  /** PGlite in memory by default. */
  readonly database?: DatabaseOptions;
  /** Folder of the migrations; by default this checkout's. */
  readonly migrationsDir?: string;
  /** SQL to run after the migrations; the demo people by default, `null` for none. */
  readonly seedFile?: string | null;
  /** SQL files and folders of an adopter; replaces the demo people. */
  readonly sql?: readonly string[];
  /** Imitate what the hosted domain does to HTML. */
  readonly hostedDomain?: boolean;
  /** Serve the page through the CloudFront proxy, as in a project without a custom domain. */
  readonly front?: boolean;
  /** How many processes of the function take turns; 1 by default. */
  readonly workers?: number;
  /** Overrides the function's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly run?: Omit<FunctionOptions, "environment" | "onLog">;
  readonly chime?: Partial<ChimeOptions>;
  readonly onLog?: (line: string) => void;
  /** Is told what has started, and what was left out of `sql`. */
  readonly onStep?: (text: string) => void;
}

export interface Stack {
  /** `http://127.0.0.1:<port>`: stands for a Supabase project's URL. */
  readonly baseUrl: string;
  /** Where people reach the page, `…/functions/v1/chime-page`: at the project or at the proxy. */
  readonly pageUrl: string;
  readonly supabase: EmbeddedSupabase;
  readonly chime: Chime;
  readonly cdn: Cdn;
  readonly functions: readonly FunctionProcess[];
  /** The function's environment, so that a test may start another process of it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: readonly string[];
  /** A bearer token of anybody, if `environment` does not replace `SUPABASE_JWKS`. */
  readonly tokenOf: SigningKey["token"];
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("../", import.meta.url));

const PROXY_SECRET = "demo-secret-of-the-local-front-of-chime-page";

/** The part of the function's environment that does not depend on the options. */
function settings(supabase: EmbeddedSupabase, chime: Chime, cdn: Cdn, key: SigningKey) {
  return {
    SUPABASE_JWKS: JSON.stringify(key.jwks),
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: supabase.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: supabase.secretKey }),
    CHIME_SDK_CDN_URL: cdn.url,
    CHIME_ENDPOINT: chime.url,
    AWS_ACCESS_KEY_ID: CHIME_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CHIME_KEY.secretAccessKey,
    CHIME_PAGE_PASS_MINUTES: "10",
  };
}

/** The project's database and its APIs: with somebody's SQL, the given seed, or the demo people. */
function startDatabase({ database, migrationsDir, seedFile, sql, onStep }: StackOptions) {
  const demo = seedFile === undefined && !sql ? `${root}supabase/seed.sql` : seedFile;
  return startSupabase({
    database: database ?? { kind: "pglite" },
    migrationsDir: migrationsDir ?? `${root}supabase/migrations`,
    ...(demo ? { seedFile: demo } : {}),
    ...(sql ? { sql, note: (text) => onStep?.(`note: ${text}`) } : {}),
  });
}

/** Starts the whole system on this machine. On failure it stops what was started. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  await using started = new AsyncDisposableStack();
  const log: string[] = [];
  const functions: FunctionProcess[] = [];
  let supabaseUrl = "";
  const up: { stack?: Stack } = {};
  const gateway = started.adopt(
    startGateway({
      port: options.port ?? 0,
      hostedDomain: options.hostedDomain ?? false,
      supabase: () => supabaseUrl,
      functions: () => functions.map((one) => one.url),
      home: (request) => up.stack && answerHomePage(request, up.stack),
    }),
    (one) => one.stop(),
  );
  const proxy = options.front
    ? started.adopt(
      await startCloudFrontProxy({ origin: gateway.url, secret: PROXY_SECRET }),
      (one) => one.stop(),
    )
    : undefined;
  const pageUrl = `${proxy?.url ?? gateway.url}/functions/v1/chime-page`;
  const step = <T>(text: string) => (value: T): T => {
    options.onStep?.(`started: ${text}`);
    return value;
  };
  const choice = chosenSdk(Deno.env);
  const sdkFile = ensureSdk(choice).then(step("SDK file"));
  const [key, supabase, chime, cdn, sdk] = await Promise.all([
    createSigningKey(),
    startDatabase(options).then(step("database, with the migrations and the rows"))
      .then((one) => started.adopt(one, () => one.close())),
    startChime({ credentials: [CHIME_KEY], ...options.chime }).then(step("Chime stand-in"))
      .then((one) => started.adopt(one, () => one.close())),
    // On a fresh clone the folder is missing before the build.
    sdkFile.then(() => startCdn({ directory: SDK_DIRECTORY }))
      .then((one) => started.adopt(one, () => one.close())),
    sdkFile,
  ]);
  supabaseUrl = supabase.url;
  const environment = {
    SUPABASE_URL: gateway.url,
    ...settings(supabase, chime, cdn, key),
    CHIME_PAGE_PUBLIC_URL: pageUrl,
    // The manifest does not have the whole SDK, which only tests use.
    ...(choice.cut ? {} : {
      CHIME_SDK_CDN_URL: `${cdn.url}/${sdk.file}`,
      CHIME_SDK_INTEGRITY: sdk.integrity,
    }),
    ...(proxy ? { CHIME_PAGE_FRONT_SECRET: PROXY_SECRET } : {}),
    ...options.environment,
  };
  const onLog = (line: string) => {
    log.push(line);
    options.onLog?.(line);
  };
  const startWorker = () => startFunction({ ...options.run, environment, onLog });
  const workers = await Promise.all(
    Array.from(
      { length: options.workers ?? 1 },
      () => startWorker().then((one) => started.adopt(one, () => one.stop())),
    ),
  );
  functions.push(...workers);
  step("function")(functions);
  const running = started.move();
  return up.stack = {
    baseUrl: gateway.url,
    pageUrl,
    supabase,
    chime,
    cdn,
    functions,
    environment,
    log,
    tokenOf: key.token,
    stop: () => running.disposeAsync(),
  };
}
