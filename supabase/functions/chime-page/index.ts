import { Hono } from "hono";
import { createChime } from "../_shared/chime.ts";
import type { Environment } from "../_shared/environment.ts";
import { createLog } from "../_shared/log.ts";
import { newSecret } from "../_shared/secrets.ts";
import { createRpc, createSupabase } from "../_shared/supabase.ts";
import { createApp } from "./app.ts";
import { createMisconfiguredApp } from "./misconfigured.ts";
import type { AppEnv } from "./parts.ts";
import { readSettings } from "./settings.ts";
import { createTokens } from "./tokens.ts";
import { createVisits } from "./visits.ts";

/** Longer than this no one waits in front of a blank page; the person is asked to try again. */
const CHIME_RETRY = { deadlineMs: 8_000, baseMs: 250, capMs: 2_000 };
const DATABASE_TIMEOUT_MS = 8_000;

/** The composition root: environment, adapters, app. Nothing else reads the clock or randomness. */
function compose(environment: Environment): Hono<AppEnv> {
  // deno-lint-ignore no-console -- the platform's log is the console
  const log = createLog((line) => console.log(line), Date.now);
  const world = { log, now: () => new Date(), newRequestId: () => crypto.randomUUID() };
  const settings = readSettings(environment);
  if (!settings.ok) {
    return createMisconfiguredApp(settings.error, world, environment.CHIME_PAGE_FRONT_SECRET);
  }

  const { supabase: project, chime } = settings.value;
  const supabase = createSupabase({ ...project, timeoutMs: DATABASE_TIMEOUT_MS });
  return createApp({
    ...world,
    settings: settings.value,
    visits: createVisits(createRpc(supabase)),
    chime: createChime({ ...chime, retry: CHIME_RETRY }, {
      now: Date.now,
      random: Math.random,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    }),
    tokens: createTokens(settings.value, supabase, world.now),
    newSecret,
    newRequestToken: () => crypto.randomUUID(),
  });
}

Deno.serve(compose(Deno.env.toObject()).fetch);
