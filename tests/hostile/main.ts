/**
 * `deno task hostile`: attacks a system on this machine and prints what went wrong. Exit code 1 where
 * a figure is bad, 2 for a command line that is not understood.
 *
 *     deno task hostile [--seed <number>] [--only <attack>[,<attack>]] [--short]
 */
import { parseArgs } from "node:util";
import { print } from "../../tools/run.ts";
import { ATTACKS } from "./attacks.ts";
import { type Attack, exitCode, renderTable, type Row } from "./report.ts";

/** A run takes about ten minutes on two idle cores. After this time it is stopped, and fails. */
const LIMIT_MS = 20 * 60_000;

function readOptions() {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      seed: { type: "string", default: String(crypto.getRandomValues(new Uint32Array(1))[0]) },
      only: { type: "string", default: Object.keys(ATTACKS).join(",") },
      short: { type: "boolean", default: false },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new TypeError("--seed must be a whole number");
  const attacks = values.only.split(",").map((name) => {
    const attack = Object.hasOwn(ATTACKS, name) ? ATTACKS[name] : undefined;
    if (attack === undefined) {
      throw new TypeError(`--only knows ${Object.keys(ATTACKS).join(", ")}, not ${name}`);
    }
    return { name, attack };
  });
  return { seed, short: values.short, attacks };
}

async function run(name: string, attack: Attack, seed: number, short: boolean): Promise<Row[]> {
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  try {
    const figures = await attack({ seed, short });
    return figures.map((figure) => ({ ...figure, attack: name, seconds: seconds() }));
  } catch (error) {
    const examples = [String(error instanceof Error ? error.stack : error)];
    return [{
      attack: name,
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
const { seed, short, attacks } = options;
print(`Seed ${seed}: repeat this run with --seed ${seed}`);
const rows: Row[] = [];
setTimeout(() => {
  print(`\n${renderTable(rows)}\n\nGiven up after ${LIMIT_MS / 60_000} minutes`);
  Deno.exit(1);
}, LIMIT_MS);
for (const { name, attack } of attacks) {
  print(`${name} …`);
  rows.push(...await run(name, attack, seed, short));
}
print(`\n${renderTable(rows)}`);
Deno.exit(exitCode(rows));
