/**
 * What a call against the local Chime costs: time to the first remote picture, and the processor and
 * memory that the stand-in takes for each participant.
 *
 *   deno task bench:call [seconds]
 *
 * The stand-in and the driver of the browsers share the measured process; Chromium is not counted.
 * Pictures are 160x90 at 8 a second, so that six browsers fit on a small machine.
 */
import { cpuUsage, memoryUsage } from "node:process";
import type { Caller } from "../tests/support/chime/caller.ts";
import { withCallers } from "../tests/support/chime/with_callers.ts";

const SECONDS = Number(Deno.args[0] ?? "10");
const MEGABYTE = 1024 * 1024;

interface Measurement {
  readonly people: number;
  /** Median of the milliseconds from start() to audioVideoDidStart. */
  readonly startMs: number;
  /** Median of the milliseconds from start() to the first remote frame, of all but the first person. */
  readonly firstFrameMs: number;
  /** Percent of one core for each participant. */
  readonly cpu: number;
  /** Megabytes for each participant. */
  readonly memory: number;
}

async function measure(people: number): Promise<Measurement> {
  let result: Measurement | undefined;
  await withCallers(async ({ enter }) => {
    const before = memoryUsage.rss();
    const callers: Caller[] = [];
    for (let i = 0; i < people; i++) callers.push(await enter(`person-${i}`));
    const others = callers.slice(1).map((_, i) => `person-${i + 1}`);
    await callers[0]?.untilFramesAdvance(others);
    const usedBefore = cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    const { user, system } = cpuUsage(usedBefore);
    const states = await Promise.all(callers.map((caller) => caller.state()));
    result = {
      people,
      startMs: median(states.map((state) => state.startMs ?? NaN)),
      firstFrameMs: median(states.slice(1).map((state) => state.firstFrameMs ?? NaN)),
      cpu: (user + system) / 1_000_000 / SECONDS * 100 / people,
      memory: (memoryUsage.rss() - before) / MEGABYTE / people,
    };
  });
  if (result === undefined) throw new Error("Cannot measure: the call did not happen");
  return result;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

// The first call of a process pays for reading its modules: it is held, but not counted.
await measure(2);
const all: Measurement[] = [];
for (const people of [2, 3, 6]) all.push(await measure(people));
const base = all[0];
let table = row([
  "people",
  "start, ms",
  "first remote frame, ms",
  "CPU of a core each",
  "against two people",
  "memory each, MB",
]) + row(["---", "---", "---", "---", "---", "---"]);
for (const one of all) {
  table += row([
    one.people,
    Math.round(one.startMs),
    Math.round(one.firstFrameMs),
    `${one.cpu.toFixed(1)} %`,
    `${(one.cpu / (base?.cpu ?? NaN)).toFixed(2)}x`,
    one.memory.toFixed(1),
  ]);
}
await Deno.stdout.write(new TextEncoder().encode(table));
