import { Hono } from "hono";
import { createChime } from "../_shared/chime.ts";
import { deadlineIn } from "../_shared/deadline.ts";
import type { Environment } from "../_shared/environment.ts";
import { createLog } from "../_shared/log.ts";
import { newSecret } from "../_shared/secrets.ts";
import { createRpc, createSupabase } from "../_shared/supabase.ts";
import { createApp } from "./app.ts";
import { createMisconfiguredApp } from "./http/misconfigured.ts";
import type { AppEnv } from "./http/dependencies.ts";
import { readSettings } from "./config/settings.ts";
import { createTokenVerifier } from "./auth/token_verifier.ts";
import { createVisits } from "./visits/repository.ts";

/**
 * What a request has for everything it waits for. Longer than this no one waits in front of a blank
 * page, and a page that asks gives up after 15 s (`client/visit/api.ts`): the answer is there before.
 */
const REQUEST_DEADLINE_MS = 10_000;
/** For calls outside a request's deadline. */
const DATABASE_TIMEOUT_MS = 8_000;
/** How long a person who has a place waits for its meeting to be kept. */
const STORE_PATIENCE_MS = 1_000;
const CHIME_RETRY = { baseMs: 250, capMs: 2_000 };

/** On the platform a worker may end with the answer unless it is told what still goes on. */
declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;

/** The composition root: environment, adapters, app. Nothing else reads the clock or randomness. */
function compose(environment: Environment): Hono<AppEnv> {
  // deno-lint-ignore no-console -- the platform's log is the console
  const log = createLog((line) => console.log(line), Date.now);
  const basics = { log, now: () => new Date(), newRequestId: () => crypto.randomUUID() };
  const settings = readSettings(environment);
  if (!settings.ok) {
    return createMisconfiguredApp(settings.error, basics, environment.CHIME_PAGE_FRONT_SECRET);
  }

  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const { supabase: project, chime } = settings.value;
  const supabase = createSupabase({ ...project, timeoutMs: DATABASE_TIMEOUT_MS });
  return createApp({
    ...basics,
    settings: settings.value,
    visits: createVisits(createRpc(supabase)),
    chime: createChime({ ...chime, retry: CHIME_RETRY }, {
      now: Date.now,
      random: Math.random,
      sleep,
    }),
    tokens: createTokenVerifier(settings.value, supabase, basics.now),
    newDeadline: () => deadlineIn(REQUEST_DEADLINE_MS, Date.now),
    storePatience: () => sleep(STORE_PATIENCE_MS),
    background: (work) => {
      const quiet = work.catch(() => log.error("background-work-failed"));
      if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(quiet);
    },
    newSecret,
    newRequestToken: () => crypto.randomUUID(),
  });
}

Deno.serve(compose(Deno.env.toObject()).fetch);
