/** How a check came out. A note is advice; only a fault makes the deployment unhealthy. */
export type State = "ok" | "fault" | "note" | "skipped";

/** What one check found: a row of the doctor's table. */
export interface CheckResult {
  readonly check: string;
  readonly state: State;
  /** What was seen. Never holds a token. */
  readonly found: string;
  /** What to do about it; empty where there is nothing to do. */
  readonly remedy: string;
  /** How long the request took, in milliseconds; `null` where none was sent. */
  readonly ms: number | null;
}

/** A check that is in order or, if not `good`, a fault with its remedy. */
export function result(
  check: string,
  good: boolean,
  found: string,
  remedy: string,
  ms: number | null = null,
): CheckResult {
  return { check, state: good ? "ok" : "fault", found, remedy: good ? "" : remedy, ms };
}

/** A check that could not be made; the remedy says what it needs. */
export function skipped(check: string, found: string, remedy: string): CheckResult {
  return { check, state: "skipped", found, remedy, ms: null };
}

const LABELS: Readonly<Record<State, string>> = {
  ok: "ok",
  fault: "FAULT",
  note: "note",
  skipped: "skipped",
};

/** The lines of a table of results, each remedy below its row. */
export function tableLines(results: readonly CheckResult[]): readonly string[] {
  const widest = Math.max(...results.map(({ check }) => check.length));
  return results.flatMap(({ check, state, found, remedy, ms }) => {
    const time = ms === null ? "" : `${Math.round(ms)} ms`;
    const start = `${LABELS[state].padEnd(8)}${check.padEnd(widest)}${time.padStart(10)}  `;
    return [start + found, ...(remedy === "" ? [] : [`${" ".repeat(start.length)}-> ${remedy}`])];
  });
}
