import postgres from "postgres";
import { isLoopbackUrl } from "../../supabase/functions/chime-page/config/urls.ts";
import { type CheckResult, result, skipped } from "./check_result.ts";

/** A row of `chime_page.check()`. It never holds a value of the views. */
interface Finding {
  readonly severity: "fault" | "warning";
  readonly column: string;
  readonly problem: string;
  readonly rows: number;
  readonly example: string | null;
}

const CHECK = "views";

/**
 * What is wrong with the rows of the two views, by `chime_page.check()`.
 * @param databaseUrl `postgres://…` of the project, as the role that applies the migrations
 */
export async function checkViews(databaseUrl: string | undefined): Promise<readonly CheckResult[]> {
  if (databaseUrl === undefined || !URL.canParse(databaseUrl)) {
    return [skipped(
      CHECK,
      databaseUrl === undefined ? "no database URL" : "SUPABASE_DB_URL is not a URL",
      "set SUPABASE_DB_URL to the project's connection string (dashboard: Connect)",
    )];
  }
  const began = performance.now();
  try {
    const findings = await readFindings(databaseUrl);
    const ms = performance.now() - began;
    if (findings.length === 0) return [result(CHECK, true, "no row is wrong", "", ms)];
    return findings.map((one) => ({ ...describe(one), ms }));
  } catch (error) {
    return [explain(error)];
  }
}

async function readFindings(url: string): Promise<readonly Finding[]> {
  const isPlain = isLoopbackUrl(url) || new URL(url).searchParams.has("sslmode");
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 15,
    onnotice: () => {},
    // The pooler of the platform keeps no prepared statements.
    prepare: false,
    ...(isPlain ? {} : { ssl: "require" as const }),
  });
  try {
    return await sql.begin("read only", (transaction) =>
      transaction<Finding[]>`
        select severity, "column", problem, "rows"::int, example from chime_page.check()`);
  } finally {
    await sql.end();
  }
}

function describe({ severity, column, problem, rows, example }: Finding): Omit<CheckResult, "ms"> {
  const count = `${rows} ${rows === 1 ? "row" : "rows"}`;
  return {
    check: CHECK,
    state: severity === "fault" ? "fault" : "note",
    found: `${column}: ${problem} (${count}${example ? `, such as appointment ${example}` : ""})`,
    remedy: "correct the view or its rows: docs/adopting.md, Check your rows",
  };
}

/** Messages of the database may hold values of a row, so only the code is shown. */
function explain(error: unknown): CheckResult {
  const code = String((error as { code?: unknown }).code ?? "no code");
  if (code === "42883" || code === "3F000") {
    return result(
      CHECK,
      false,
      "the database has no chime_page.check()",
      "apply the migrations: supabase db push --remote",
    );
  }
  if (code === "42501") {
    return skipped(CHECK, "this role may not run the check", "use the role that owns the schema");
  }
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith("28") && !code.startsWith("3D")
    ? result(
      CHECK,
      false,
      `the views cannot be read: SQLSTATE ${code}`,
      "select from both views in SQL",
    )
    : skipped(CHECK, `no access to the database: ${code}`, "check SUPABASE_DB_URL and the network");
}
