/** One line of the table: how many cases were tried, and how many of them went wrong. */
export interface Figure {
  readonly check: string;
  /** Cases tried; none at all is bad too. */
  readonly count: number;
  readonly bad: number;
  /** What went wrong and where first, for the person who investigates. */
  readonly examples: readonly string[];
}

/** How an attack is run. */
export interface AttackOptions {
  /** Seed of everything random. */
  readonly seed: number;
  /** The small form that runs with the other tests. */
  readonly short: boolean;
}

/** One attack of the run; returns its figures. */
export type Attack = (options: AttackOptions) => Promise<readonly Figure[]>;

/** A figure and how long its attack took. */
export interface Row extends Figure {
  readonly attack: string;
  readonly seconds: number;
}

const MOST_FAULTS = 30;

/** Counts the cases of one check as they happen. */
export class Tally {
  #count = 0;
  #bad = 0;
  /** How often each fault occurred, and where first. */
  readonly #faults = new Map<string, { times: number; readonly where: string }>();

  constructor(private readonly check: string) {}

  /** Counts a case at `where`; `fault` says what went wrong, or is undefined. */
  add(where: string, fault: string | undefined): void {
    this.#count++;
    if (fault === undefined) return;
    this.#bad++;
    const known = this.#faults.get(fault);
    if (known) known.times++;
    else this.#faults.set(fault, { times: 1, where });
  }

  /** Counts several cases at once; `bad` may exceed `count`. */
  addMany(count: number, bad: number, fault: string): void {
    this.#count += count;
    this.#bad += bad;
    if (bad === 0) return;
    const known = this.#faults.get(fault);
    if (known) known.times += bad;
    else this.#faults.set(fault, { times: bad, where: "" });
  }

  figure(): Figure {
    const examples = [...this.#faults].slice(0, MOST_FAULTS).map(([fault, { times, where }]) =>
      `${fault} (${times}x${where === "" ? "" : `, first: ${where}`})`
    );
    return { check: this.check, count: this.#count, bad: this.#bad, examples };
  }
}

/** Whether a figure is good. A check that tried nothing has proven nothing. */
export function isGood(figure: Figure): boolean {
  return figure.bad === 0 && figure.count > 0;
}

/** Exit code of a run: 0 if there are figures and all of them are good. */
export function exitCode(rows: readonly Row[]): 0 | 1 {
  return rows.length > 0 && rows.every(isGood) ? 0 : 1;
}

/** The table of a run as text, with examples of the bad rows below it. */
export function renderTable(rows: readonly Row[]): string {
  const head = ["attack", "check", "count", "bad", "seconds", "verdict"];
  const cells = rows.map((row) => [
    row.attack,
    row.check,
    String(row.count),
    String(row.bad),
    row.seconds.toFixed(1),
    isGood(row) ? "ok" : "BAD",
  ]);
  const widths = head.map((title, i) =>
    Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0))
  );
  const line = (values: readonly string[]) =>
    `| ${values.map((value, i) => value.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const table = [line(head), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)];
  const examples = rows.filter((row) => !isGood(row)).flatMap((row) => [
    "",
    `${row.attack}: ${row.check}`,
    ...(row.count === 0 ? ["  nothing was tried"] : []),
    ...row.examples.map((example) => `  ${example}`),
  ]);
  return [...table, ...examples].join("\n");
}
