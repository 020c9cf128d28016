/** Many callers of a real Postgres at the same moment. */
import postgres from "postgres";
import { startPostgres } from "../support/postgres.ts";
import { type Answer, type Call, startEmpty } from "../support/database.ts";

/** One connection for each caller, so that their transactions overlap. */
export const CALLERS = 50;
export const server = await startPostgres();
export const supabase = await startEmpty({ kind: "postgres", url: server.url });
export const pool = postgres(server.url, { max: CALLERS, onnotice: () => {} });
export const { sql } = supabase;
Deno.test.afterAll(async () => {
  await pool.end();
  await supabase.close();
  await server.stop();
});

/** Like `callerOf`, directly to the database. */
export const call: Call = async (name, parameters) => {
  const named = Object.keys(parameters).map((key, index) => `${key} => $${index + 1}`);
  const text = `select public.chime_page_${name}(${named.join(", ")}) as answer`;
  const [row] = await pool.unsafe(text, Object.values(parameters) as string[]);
  return row?.["answer"] as Answer;
};

/** Runs calls at once, each on a connection of its own. */
export function together(
  count: number,
  work: (index: number) => Promise<Answer>,
): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

// Connections open before the first race, so that no caller is late.
await Promise.all(Array.from({ length: CALLERS }, () => pool`select pg_sleep(0.05)`));
