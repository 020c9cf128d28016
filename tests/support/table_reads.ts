/** What Postgres itself counts while it works, also inside functions. */
import type { Sql } from "postgres";

/** What this connection has read and called since it last reported that to the server. */
async function readCounts(client: Sql) {
  // Tables and indexes of at least 100 pages of 8 KB.
  const large = await client`
    select c.oid::regclass::text as name, c.relpages as pages,
      case when c.relkind = 'r' then pg_stat_get_xact_numscans(c.oid) end as scans,
      pg_stat_get_xact_blocks_fetched(c.oid) as fetched
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'i') and c.relpages >= 100 and n.nspname in ('chime_page', 'public')`;
  const functions = await client`
    select funcid::regproc::text as name, calls from pg_stat_xact_user_functions`;
  return { large, functions };
}

/**
 * Does some work in a transaction that is rolled back, on a client with one connection: plans and
 * counts belong to it. Returns the functions that were called, and the large tables and indexes that
 * were read whole: by a sequential scan, or more than half of their pages.
 */
export const watchReads =
  (client: Sql) => async (work: () => Promise<unknown>, setting = "plan_cache_mode = auto") => {
    await client.unsafe(`begin; set local track_functions = 'all'; set local ${setting}`);
    try {
      const before = await readCounts(client);
      await work();
      const after = await readCounts(client);
      /** How much a number of each row has grown. */
      const growth = (kind: "large" | "functions", column: string) =>
        after[kind].map((row) => {
          const earlier = before[kind].find(({ name }) => name === row["name"])?.[column];
          const by = Number(row[column]) - Number(earlier ?? 0);
          return { name: String(row["name"]), pages: Number(row["pages"]), by };
        });
      const scanned = growth("large", "scans").filter(({ by }) => by > 0);
      const fetched = growth("large", "fetched").filter(({ by, pages }) => by > pages / 2);
      return {
        read: [...new Set([...scanned, ...fetched].map(({ name }) => name))].sort(),
        called: growth("functions", "calls").filter(({ by }) => by > 0).map(({ name }) => name),
      };
    } finally {
      await client`rollback`;
    }
  };
