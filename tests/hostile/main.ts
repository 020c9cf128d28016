/**
 * `deno task hostile`: attacks a system on this machine and prints what went wrong. Exit code 1 where
 * a figure is bad, 2 for a command line that was not understood.
 *
 *     deno task hostile [--seed <number>] [--only <part>[,<part>]] [--short]
 */
import { parseArgs } from "node:util";
import { print } from "../../tools/run.ts";
import { PARTS } from "./parts.ts";
import { exitCode, type Part, renderTable, type Row } from "./report.ts";

/** A run takes about ten minutes on two idle cores. After so long it is given up, and that is bad. */
const LIMIT_MS = 20 * 60_000;

function readOptions() {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      seed: { type: "string", default: String(crypto.getRandomValues(new Uint32Array(1))[0]) },
      only: { type: "string", default: Object.keys(PARTS).join(",") },
      short: { type: "boolean", default: false },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new TypeError("--seed must be a whole number");
  const parts = values.only.split(",").map((name) => {
    const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (part === undefined) {
      throw new TypeError(`--only knows ${Object.keys(PARTS).join(", ")}, not ${name}`);
    }
    return { name, part };
  });
  return { seed, short: values.short, parts };
}

async function run(name: string, part: Part, seed: number, short: boolean): Promise<Row[]> {
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  try {
    const figures = await part({ seed, short });
    return figures.map((figure) => ({ ...figure, part: name, seconds: seconds() }));
  } catch (error) {
    const examples = [String(error instanceof Error ? error.stack : error)];
    return [{
      part: name,
      check: "ran to its end",
      count: 1,
      bad: 1,
      examples,
      seconds: seconds(),
    }];
  }
}

let options: ReturnType<typeof readOptions>;
try {
  options = readOptions();
} catch (error) {
  print(error instanceof Error ? error.message : String(error));
  Deno.exit(2);
}
const { seed, short, parts } = options;
print(`Seed ${seed}: repeat this run with --seed ${seed}`);
const rows: Row[] = [];
setTimeout(() => {
  print(`\n${renderTable(rows)}\n\nGiven up after ${LIMIT_MS / 60_000} minutes`);
  Deno.exit(1);
}, LIMIT_MS);
for (const { name, part } of parts) {
  print(`${name} …`);
  rows.push(...await run(name, part, seed, short));
}
print(`\n${renderTable(rows)}`);
Deno.exit(exitCode(rows));
