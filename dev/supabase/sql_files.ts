import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./database.ts";
import { lineAt, splitStatements, type Statement } from "./statements.ts";

/** Why somebody's SQL cannot be used; the message is meant for the person who wrote it. */
export class SqlFileError extends Error {
  override readonly name = "SqlFileError";
}

/** Dumps of hosted projects create extensions that the embedded database does not have. */
const EXTENSION = /^create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/i;

/** What only psql can run. The embedded database would wait for the rows of a COPY forever. */
const UNUSABLE: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^copy\b[^]*\bfrom\s+stdin\b/i, "COPY cannot be run here: dump the rows with pg_dump --inserts"],
  [/^\\/, "commands of psql, which begin with a backslash, cannot be run here"],
];

/** As in a hosted project, where extensions are in a schema of their own. */
const SEARCH_PATH = 'set search_path = "$user", public, extensions';

/**
 * Runs an adopter's SQL: files, and the `*.sql` of folders in the order of their names. Statements
 * run one by one without a transaction around them, as in psql, so that a file may have its own.
 * @param note is told about extensions that the embedded database does not have, which are left out
 * @throws SqlFileError with the file, the line and the statement
 */
export async function applySqlFiles(
  database: Pick<Database, "query" | "script">,
  paths: readonly string[],
  note: (text: string) => void = () => {},
): Promise<void> {
  for (const file of (await Promise.all(paths.map(sqlFiles))).flat()) {
    const source = (await Deno.readTextFile(file)).replace(/^\uFEFF/, "");
    await database.query(SEARCH_PATH);
    for (const statement of splitStatements(source)) {
      const extension = EXTENSION.exec(statement.text)?.[1];
      if (extension && !await isAvailable(database, extension)) {
        note(
          `${file}:${statement.line}: the extension ${extension} is not available here, left out`,
        );
        continue;
      }
      try {
        const reason = UNUSABLE.find(([pattern]) => pattern.test(statement.text))?.[1];
        if (reason) throw new Error(reason);
        await database.query(statement.text);
      } catch (error) {
        throw new SqlFileError(describe(file, statement, error), { cause: error });
      }
    }
    // A dump empties the search path and turns row-level security off, for its session.
    for (const one of ["reset role", "reset all", SEARCH_PATH]) await database.query(one);
  }
}

/** The SQL files at a path, which is a file or a folder. */
async function sqlFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new SqlFileError(`Cannot find ${path}: no such file or folder`);
  if (!found.isDirectory()) return [path];
  const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
  const files = names.filter((name) => name.endsWith(".sql")).sort();
  if (files.length === 0) throw new SqlFileError(`Cannot find a *.sql file in ${path}`);
  return files.map((name) => join(path, name));
}

async function isAvailable(database: Pick<Database, "query">, extension: string) {
  const sql = "select from pg_available_extensions where name = $1";
  return (await database.query(sql, [extension])).length > 0;
}

/** `file:line: message`, then the statement's beginning and what Postgres adds. */
function describe(file: string, { text, line }: Statement, error: unknown): string {
  const fields = new Map(Object.entries(error instanceof Error ? error : {}));
  const position = Number(fields.get("position"));
  const at = position > 0 ? line - 1 + lineAt(text, position - 1) : line;
  const said = error instanceof Error ? error.message : String(error);
  const lines = [
    `${file}:${at}: ${said}`,
    ...["detail", "hint"].flatMap((name) =>
      fields.get(name) ? [`  ${name}: ${fields.get(name)}`] : []
    ),
    `  in the statement of line ${line}: ${text.split("\n")[0]?.slice(0, 100)}`,
  ];
  return lines.join("\n");
}
