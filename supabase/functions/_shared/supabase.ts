import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { countRoundTrip } from "./round_trips.ts";
import { err, ok, type Result } from "./result.ts";

/** How to reach the project's own Supabase. */
export interface SupabaseOptions {
  readonly url: string;
  /** A secret key (`sb_secret_…`) or the legacy service role key. */
  readonly key: string;
  /** Milliseconds after which a call without its own signal is aborted. */
  readonly timeoutMs: number;
}

/**
 * Calls a database function. The error is a short code, never the database's own message.
 * @param signal aborts the call; default: the client's timeout
 */
export type Rpc = (
  name: string,
  args: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
) => Promise<Result<unknown, string>>;

/** Creates a Supabase client without a session. Every call it makes counts as a round trip. */
export function createSupabase(options: SupabaseOptions): SupabaseClient {
  return createClient(options.url, options.key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: {
      fetch: (input, init) => {
        // The type of `init` differs between the two versions of Deno.
        const given = (init as { signal?: AbortSignal | null } | undefined)?.signal;
        const signal = given ?? AbortSignal.timeout(options.timeoutMs);
        return countRoundTrip(() => fetch(input, { ...init, signal }));
      },
    },
  });
}

/** Calls database functions through PostgREST. */
export function createRpc(supabase: SupabaseClient): Rpc {
  return async (name, args, signal) => {
    const call = supabase.rpc(name, args);
    const { data, error, status } = await (signal ? call.abortSignal(signal) : call);
    if (!error) return ok(data as unknown);
    return err(error.code ? `database-${error.code}` : `database-http-${status}`);
  };
}
