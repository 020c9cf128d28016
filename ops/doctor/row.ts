/** How a check came out. A note is advice; only a fault makes the deployment unhealthy. */
export type State = "ok" | "fault" | "note" | "skipped";

/** One row of the table. */
export interface Row {
  readonly check: string;
  readonly state: State;
  /** What was seen; never a token. */
  readonly found: string;
  /** What to do; empty where there is nothing to do. */
  readonly remedy: string;
  /** How long it took, in milliseconds; null where nothing was asked. */
  readonly ms: number | null;
}

/** A row that is in order, or a fault with its remedy. */
export function judged(
  check: string,
  good: boolean,
  found: string,
  remedy: string,
  ms: number | null = null,
): Row {
  return { check, state: good ? "ok" : "fault", found, remedy: good ? "" : remedy, ms };
}

/** A row that could not be looked at, and what it would take. */
export function skipped(check: string, found: string, remedy: string): Row {
  return { check, state: "skipped", found, remedy, ms: null };
}

const MARKS: Readonly<Record<State, string>> = {
  ok: "ok",
  fault: "FAULT",
  note: "note",
  skipped: "skipped",
};

/** Rows as lines of a table, each remedy below its row. */
export function tableLines(rows: readonly Row[]): readonly string[] {
  const widest = Math.max(...rows.map((row) => row.check.length));
  return rows.flatMap(({ check, state, found, remedy, ms }) => {
    const time = ms === null ? "" : `${Math.round(ms)} ms`;
    const start = `${MARKS[state].padEnd(8)}${check.padEnd(widest)}${time.padStart(10)}  `;
    return [start + found, ...(remedy === "" ? [] : [`${" ".repeat(start.length)}-> ${remedy}`])];
  });
}
