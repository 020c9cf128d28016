/**
 * What a call against the local Chime costs: time to the first remote picture, and the CPU and memory
 * of the stand-in for each participant.
 *
 *   deno task bench:call [seconds]
 *
 * The measured process is the stand-in and the driver of the browsers; Chromium is not counted.
 * Video is 160x90 at 8 frames a second, so that six browsers fit on a small machine.
 */
import { cpuUsage, memoryUsage } from "node:process";
import { table } from "../sdk/sizes.ts";
import type { Caller } from "../tests/support/chime/caller.ts";
import { withCallers } from "../tests/support/chime/with_callers.ts";
import { record } from "../tools/figures.ts";
import { median } from "./support/load_time.ts";

const SECONDS = Number(Deno.args[0] ?? "10");
const MEGABYTE = 1024 * 1024;

/** Times are medians from start() on, CPU (percent of one core) and megabytes are for each person. */
async function measure(people: number) {
  let result = { people, startMs: NaN, firstFrameMs: NaN, cpu: NaN, memory: NaN };
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
      // The first person waits for the others.
      firstFrameMs: median(states.slice(1).map((state) => state.firstFrameMs ?? NaN)),
      cpu: (user + system) / 1_000_000 / SECONDS * 100 / people,
      memory: (memoryUsage.rss() - before) / MEGABYTE / people,
    };
  });
  return result;
}

// The first call of a process also loads modules: it is not counted.
await measure(2);
const two = await measure(2);
const all = [two, await measure(3), await measure(6)];
await record(
  "bench:call",
  table(
    [
      "people",
      "start, ms",
      "first remote frame, ms",
      "CPU of a core each",
      "against two people",
      "memory each, MB",
    ],
    all.map(({ people, startMs, firstFrameMs, cpu, memory }) => [
      String(people),
      startMs.toFixed(0),
      firstFrameMs.toFixed(0),
      `${cpu.toFixed(1)} %`,
      `${(cpu / two.cpu).toFixed(2)}x`,
      memory.toFixed(1),
    ]),
  ),
);
