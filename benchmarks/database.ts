/**
 * What the database takes for a page and for a status request, with more and more visits in the same
 * real Postgres, over a connection on this machine.
 *
 *   deno task bench:database [requests]
 */
import postgres from "postgres";
import { table } from "../sdk/sizes.ts";
import { at, callInSql, newHash, newToken, startEmpty } from "../tests/support/database.ts";
import { hashOf, manyVisits, visitId } from "../tests/support/many_visits.ts";
import { startPostgres } from "../tests/support/postgres.ts";
import { record } from "../tools/figures.ts";
import { inTurns, median } from "./support/load_time.ts";

const REQUESTS = Math.min(Number(Deno.args[0] ?? "200"), 1_000);
const VISITS = [10, 1_000, 100_000];

const server = await startPostgres();

/** The requests of a person of the last of so many visits, each in a transaction that is undone. */
async function requestsOf(visits: number) {
  const url = await server.createDatabase(`visits_${visits}`);
  const supabase = await startEmpty({ kind: "postgres", url });
  await supabase.script(manyVisits(visits));
  await supabase.sql("analyze");
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const [patient] = await client`
    select subject from chime_page.participants
    where appointment_id = ${visitId(visits)} and role = 'patient'`;
  const request = (name: string, parameters: Record<string, unknown>) => async () => {
    const all = { p_appointment: visitId(visits), p_now: at(20), ...parameters };
    await client.unsafe("begin");
    const began = performance.now();
    const { outcome } = await callInSql(client, name, all);
    const milliseconds = performance.now() - began;
    await client.unsafe("rollback");
    if (outcome !== "found") throw new Error(`Cannot measure ${name}`);
    return milliseconds;
  };
  return {
    open: request("open", {
      p_subject: patient?.["subject"],
      p_new_session: newHash(),
      p_claim: newToken(),
    }),
    status: request("status", { p_session: hashOf(2 * visits) }),
    async close() {
      await client.end();
      await supabase.close();
    },
  };
}

const databases = [];
try {
  for (const visits of VISITS) databases.push(await requestsOf(visits));
  const medians = (await inTurns(REQUESTS, databases.flatMap(({ open, status }) => [open, status])))
    .map(median);
  const cell = (at: number) =>
    `${(medians[at] ?? NaN).toFixed(2)} ms (${
      ((medians[at] ?? NaN) / (medians[at % 2] ?? NaN)).toFixed(2)
    })`;
  await record(
    "bench:database",
    `Medians of ${REQUESTS} requests, in turns. Every visit has two people, two sessions and ten events.\n\n` +
      table(
        ["visits", "open a page", "status"],
        VISITS.map((
          visits,
          at,
        ) => [visits.toLocaleString("en-GB"), cell(2 * at), cell(2 * at + 1)]),
      ),
  );
} finally {
  for (const database of databases) await database.close();
  await server.stop();
}
