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

/** Whether the Auth server accepts a token; `busy` and `unavailable` say nothing about it. */
export type TokenCheck = "accepted" | "refused" | "busy" | "unavailable";

/** The part of the Supabase client that the built function contains (`ops/function/bundle.ts`). */
export type DatabaseClient = Pick<SupabaseClient, "rpc">;

/** Creates a Supabase client without a session. Every call it makes counts as a round trip. */
export function createSupabase(options: SupabaseOptions): DatabaseClient {
  return createClient(options.url, options.key, {
    // Null: the key itself authorizes the calls.
    accessToken: () => Promise.resolve(null),
    global: {
      // The type of `init` differs between the two versions of Deno.
      fetch: (input, init) => timedFetch(options, input, init as RequestInit | undefined),
    },
  });
}

/** Calls database functions through PostgREST. */
export function createRpc(supabase: DatabaseClient): Rpc {
  return async (name, args, signal) => {
    const call = supabase.rpc(name, args);
    const { data, error, status } = await (signal ? call.abortSignal(signal) : call);
    if (!error) return ok(data as unknown);
    return err(error.code ? `database-${error.code}` : `database-http-${status}`);
  };
}

/** Checks tokens with the Auth server (`GET /auth/v1/user`). */
export function createTokenCheck(options: SupabaseOptions): (token: string) => Promise<TokenCheck> {
  const url = `${options.url.replace(/\/+$/, "")}/auth/v1/user`;
  return async (token) => {
    try {
      const response = await timedFetch(options, url, {
        headers: { apikey: options.key, Authorization: `Bearer ${token}` },
      });
      if (response.ok) {
        // A gateway in front of the server may answer 200 with a page of its own.
        await response.json();
        return "accepted";
      }
      await response.body?.cancel();
      if (response.status === 429) return "busy";
      return response.status >= 500 ? "unavailable" : "refused";
    } catch {
      return "unavailable";
    }
  };
}

function timedFetch(
  { timeoutMs }: SupabaseOptions,
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const signal = init?.signal ?? AbortSignal.timeout(timeoutMs);
  return countRoundTrip(() => fetch(input, { ...init, signal }));
}
