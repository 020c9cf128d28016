import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { countRoundTrip } from "./round_trips.ts";
import { err, ok, type Result } from "./result.ts";

/** How to reach the project's own Supabase. */
export interface SupabaseOptions {
  readonly url: string;
  /** A secret key (`sb_secret_…`) or the legacy service role key. */
  readonly key: string;
  /** Milliseconds after which a call without a signal of its own is given up. */
  readonly timeoutMs: number;
}

/** Calls of database functions. `fail` answers a short code, never the database's own words. */
export interface Rpc {
  (
    name: string,
    args: Readonly<Record<string, unknown>>,
    /** Gives the call up; without one it has the client's own time. */
    signal?: AbortSignal,
  ): Promise<Result<unknown, string>>;
}

/** The ordinary client without a session of its own; every call it makes is counted as a round trip. */
export function createSupabase(options: SupabaseOptions): SupabaseClient {
  return createClient(options.url, options.key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: {
      fetch: (input, init) => {
        // The library's own types of `init` differ between the runtimes' type sets.
        const given = (init as { signal?: AbortSignal | null } | undefined)?.signal;
        const signal = given ?? AbortSignal.timeout(options.timeoutMs);
        return countRoundTrip(() => fetch(input, { ...init, signal }));
      },
    },
  });
}

/** Database functions by name, through PostgREST. */
export function createRpc(supabase: SupabaseClient): Rpc {
  return async (name, args, signal) => {
    const call = supabase.rpc(name, args);
    const { data, error, status } = await (signal ? call.abortSignal(signal) : call);
    if (!error) return ok(data as unknown);
    return err(error.code ? `database-${error.code}` : `database-http-${status}`);
  };
}
