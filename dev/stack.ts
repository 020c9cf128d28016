import { fileURLToPath } from "node:url";
import { startCloudFrontProxy } from "./aws/cloudfront_proxy.ts";
import { type Cdn, startCdn } from "./cdn/origin.ts";
import { chosenSdk, ensureSdk, SDK_DIRECTORY } from "../sdk/build.ts";
import { type Chime, type ChimeOptions, startChime } from "./chime/chime.ts";
import { type FunctionOptions, type FunctionProcess, startFunction } from "./function/process.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { answerDemoPage } from "./demo_page.ts";
import type { DatabaseOptions } from "./supabase/database.ts";
import { createKeys, type EmbeddedSupabase, startSupabase } from "./supabase/embedded.ts";

/** Options of a whole system on one machine. Every one has a default. */
export interface StackOptions {
  /** Port of the gateway; 0 for any. */
  readonly port?: number;
  readonly database?: DatabaseOptions;
  /** SQL to run after the migrations; the demo people by default. `null` for none. */
  readonly seedFile?: string | null;
  /** Imitate what the hosted domain does to HTML. */
  readonly hostedDomain?: boolean;
  /** people reach the page through the CloudFront proxy (`ops/stacks/sdk.yaml`), as without a custom domain. */
  readonly front?: boolean;
  /** Processes of the function, used in turn. */
  readonly workers?: number;
  /** More of the function's environment, over the stack's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How to run the function, e.g. on another Deno. */
  readonly run?: Omit<FunctionOptions, "environment" | "onLog">;
  readonly chime?: Partial<ChimeOptions>;
  readonly onLog?: (line: string) => void;
}

/** A running system. Its parts are open to tests: what they saw, and their faults. */
export interface Stack {
  /** `http://127.0.0.1:<port>`: what a Supabase project's URL is. */
  readonly baseUrl: string;
  /** Where the page is reached: `…/functions/v1/chime-page` of the project, or of its front. */
  readonly pageUrl: string;
  readonly supabase: EmbeddedSupabase;
  readonly chime: Chime;
  readonly cdn: Cdn;
  readonly functions: readonly FunctionProcess[];
  /** What the function is told, so that a test may start another process of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The function's log so far. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("../", import.meta.url));

/** The least-privilege key of the function, here known to the stand-in alone. */
const CHIME_KEY = {
  accessKeyId: "AKIADEMOCHIMEPAGE000",
  secretAccessKey: "demo-secret-of-chime-page",
};

/** The local CloudFront proxy identifies itself to the function by this secret. */
const FRONT_SECRET = "demo-secret-of-the-local-front-of-chime-page";

/** Starts everything; on failure stops what was started. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const started: (() => Promise<unknown>)[] = [];
  const keep = <T>(part: T, stop: (part: T) => Promise<unknown>): T => {
    started.push(() => stop(part));
    return part;
  };
  const stop = async () => {
    for (const stopPart of started.splice(0).reverse()) await stopPart();
  };
  try {
    return await assemble(options, keep, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  options: StackOptions,
  keep: <T>(part: T, stop: (part: T) => Promise<unknown>) => T,
  stop: () => Promise<void>,
): Promise<Stack> {
  const log: string[] = [];
  const keys = await createKeys();
  const functions: FunctionProcess[] = [];
  let supabaseUrl = "";
  const gateway: Gateway = keep(
    startGateway({
      port: options.port ?? 0,
      hostedDomain: options.hostedDomain ?? false,
      routes: {
        supabase: () => supabaseUrl,
        functions: () => functions.map((one) => one.url),
        home: (request) => answerDemoPage(request, stack),
      },
    }),
    (one) => one.stop(),
  );
  const front = options.front
    ? keep(
      await startCloudFrontProxy({ origin: gateway.url, secret: FRONT_SECRET }),
      (one) => one.stop(),
    )
    : undefined;
  const pageUrl = `${front?.url ?? gateway.url}/functions/v1/chime-page`;
  const seedFile = options.seedFile === undefined ? `${root}supabase/seed.sql` : options.seedFile;
  const choice = chosenSdk(Deno.env);
  const sdkFile = ensureSdk(choice);
  const [supabase, chime, cdn, sdk] = await Promise.all([
    startSupabase({
      database: options.database ?? { kind: "pglite" },
      migrationsDir: `${root}supabase/migrations`,
      ...(seedFile === null ? {} : { seedFile }),
      keys,
    }).then((one) => keep(one, () => one.close())),
    startChime({ credentials: [CHIME_KEY], ...options.chime })
      .then((one) => keep(one, () => one.close())),
    // The origin serves what has been built: on a fresh clone there is not even a folder before.
    sdkFile.then(() => startCdn({ directory: SDK_DIRECTORY }))
      .then((one) => keep(one, () => one.close())),
    sdkFile,
  ]);
  supabaseUrl = supabase.url;
  const environment = {
    ...functionEnvironment(gateway.url, keys, chime.url, cdn.url),
    CHIME_PAGE_PUBLIC_URL: pageUrl,
    // No manifest knows the whole SDK: it is there to prove that what was cut off is not missed.
    ...(choice.cut ? {} : {
      CHIME_SDK_CDN_URL: `${cdn.url}/${sdk.file}`,
      CHIME_SDK_INTEGRITY: sdk.integrity,
    }),
    ...(front ? { CHIME_PAGE_FRONT_SECRET: FRONT_SECRET } : {}),
    ...options.environment,
  };
  const workers = await Promise.all(
    Array.from({ length: options.workers ?? 1 }, () =>
      startFunction({
        ...options.run,
        environment,
        onLog: (line) => {
          log.push(line);
          options.onLog?.(line);
        },
      }).then((one) => keep(one, () => one.stop()))),
  );
  functions.push(...workers);
  const stack: Stack = {
    baseUrl: gateway.url,
    pageUrl,
    supabase,
    chime,
    cdn,
    functions,
    environment,
    log,
    stop,
  };
  return stack;
}

/** What the platform injects and an operator sets, with the local endpoints. */
function functionEnvironment(
  gateway: string,
  keys: { publishableKey: string; secretKey: string },
  chimeUrl: string,
  cdnUrl: string,
): Record<string, string> {
  return {
    SUPABASE_URL: gateway,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
    CHIME_SDK_CDN_URL: cdnUrl,
    CHIME_ENDPOINT: chimeUrl,
    AWS_ACCESS_KEY_ID: CHIME_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CHIME_KEY.secretAccessKey,
    CHIME_PAGE_PASS_MINUTES: "10",
  };
}
