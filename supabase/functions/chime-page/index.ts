import { Hono } from "hono";
import { CHIME_RETRY, createChime } from "../_shared/chime.ts";
import { deadlineIn } from "../_shared/deadline.ts";
import type { Environment } from "../_shared/environment.ts";
import { createLog } from "../_shared/log.ts";
import { newSecret } from "../_shared/secrets.ts";
import { createRpc, createSupabase, createTokenCheck } from "../_shared/supabase.ts";
import { createApp } from "./app.ts";
import { createMisconfiguredApp } from "./http/misconfigured.ts";
import type { AppEnv } from "./http/dependencies.ts";
import "./config/pins.ts";
import { readSettings } from "./config/settings.ts";
import { createTokenVerifier } from "./auth/token_verifier.ts";
import { createVisits } from "./visits/repository.ts";

/** How long a person who can join waits for the new meeting to be stored. */
const STORE_TIMEOUT_MS = 1_000;

/** The platform may stop a worker after the response; `waitUntil` keeps it running. */
declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;

/** Composition root. Only this module reads the environment, the clock and randomness. */
function compose(environment: Environment): Hono<AppEnv> {
  // deno-lint-ignore no-console -- the platform collects the log from the console
  const log = createLog((line) => console.log(line), Date.now);
  const basics = { log, now: () => new Date(), newRequestId: () => crypto.randomUUID() };
  const settings = readSettings(environment);
  if (!settings.ok) {
    return createMisconfiguredApp(settings.error, basics, environment.CHIME_PAGE_FRONT_SECRET);
  }

  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const { supabase: project, chime, deadlineMs } = settings.value;
  const supabase = { ...project, timeoutMs: deadlineMs };
  return createApp({
    ...basics,
    settings: settings.value,
    visits: createVisits(createRpc(createSupabase(supabase))),
    chime: createChime({ ...chime, retry: CHIME_RETRY }, {
      now: Date.now,
      random: Math.random,
      sleep,
    }),
    tokens: createTokenVerifier(settings.value, createTokenCheck(supabase), basics.now),
    newDeadline: () => deadlineIn(deadlineMs, Date.now),
    storeTimeout: () => sleep(STORE_TIMEOUT_MS),
    background: (work) => {
      const handled = work.catch(() => log.error("background-work-failed"));
      if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(handled);
    },
    newSecret,
    newRequestToken: () => crypto.randomUUID(),
  });
}

Deno.serve(compose(Deno.env.toObject()).fetch);
