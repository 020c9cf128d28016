import { deepEqual, equal, ok } from "node:assert/strict";
import {
  badness,
  firstQuality,
  nextQuality,
  type Quality,
  RUNGS,
  type Sample,
} from "./quality_ladder.ts";

const GOOD: Sample = {
  rtt: 80,
  lossUp: 0,
  lossDown: 0,
  available: 2000,
  gaps: 0,
  sent: 840,
  received: 840,
};

/** Feeds seconds of samples; returns each rung that was reached, with its second. */
function play(start: Quality, seconds: number, sample: Partial<Sample>, top = 3) {
  let quality = start;
  const steps: string[] = [];
  for (let second = 1; second <= seconds; second++) {
    const next = nextQuality(quality, { ...GOOD, ...sample }, top);
    if (next.rung !== quality.rung) steps.push(`${second}:${RUNGS[next.rung]?.name}`);
    quality = next;
  }
  return { quality, steps, seconds: steps.map((step) => Number(step.split(":")[0])) };
}
const names = (steps: readonly string[]) => steps.map((step) => step.split(":")[1]);
// A link that has been good for a while.
const calm = play(firstQuality(3), 5, {}).quality;

Deno.test("each network problem is detected by itself, and a long but steady round trip is none", () => {
  const table: [Partial<Sample>, number][] = [
    [{}, 0],
    [{ rtt: 380 }, 0],
    [{ rtt: 500 }, 1],
    [{ rtt: 1200 }, 2],
    [{ lossUp: 0.1 }, 1],
    [{ lossDown: 0.1 }, 1],
    [{ lossUp: 0.3 }, 2],
    [{ lossDown: 0.3 }, 2],
    [{ available: 600 }, 1],
    [{ available: 300 }, 2],
    [{ available: null }, 0],
    [{ rtt: null }, 0],
    [{ gaps: 0.2 }, 1],
    [{ gaps: 0.4 }, 2],
  ];
  for (const [change, expected] of table) {
    equal(badness({ ...GOOD, ...change }, 80, 3), expected, JSON.stringify(change));
  }
  // 400 ms from the first second on: a satellite, not congestion.
  const far = play(firstQuality(2), 60, { rtt: 400 });
  deepEqual([far.quality.poor, far.steps.at(-1)?.split(":")[1]], [false, "540p"]);
});

Deno.test("on a broken link quality steps down to audio alone within ten seconds", () => {
  const { steps, quality, seconds } = play(calm, 15, { lossUp: 0.4, rtt: 900 });
  deepEqual(names(steps), ["360p", "180p", "audio"]);
  ok((seconds[0] ?? 99) <= 2 && (seconds[2] ?? 99) <= 10, steps.join());
  equal(quality.poor, true);
});

Deno.test("on a bad link quality steps down a little later", () => {
  const { steps, seconds } = play(calm, 20, { lossDown: 0.1 });
  deepEqual(names(steps).slice(0, 2), ["360p", "180p"]);
  ok((seconds[0] ?? 99) <= 4, steps.join());
});

Deno.test("on a link that became narrow quality drops at once to what fits beside the sound", () => {
  const table: [from: number, Partial<Sample>, to: string][] = [
    // 360p each way on 150 kbps: half is lost, or arrives too late.
    [2, { lossDown: 0.5, received: 145 }, "2:audio"],
    [2, { gaps: 0.5, received: 145 }, "2:audio"],
    [2, { lossUp: 0.5, sent: 290 }, "2:audio"],
    // The same on 220 kbps, and 540p on it.
    [2, { lossDown: 0.3, received: 215 }, "2:180p"],
    [3, { lossDown: 0.7, received: 215 }, "2:180p"],
    // A third lost in the air on a link that is wide enough.
    [3, { lossDown: 0.3, received: 590 }, "2:360p"],
    // Only video suffers, or nothing yet: step by step.
    [2, { rtt: 1500, received: 145 }, "2:180p"],
    [2, { available: 100, received: 44 }, "2:180p"],
  ];
  for (const [from, sample, to] of table) {
    const start = play(firstQuality(from), 5, {}, from).quality;
    deepEqual(play(start, 2, sample, from).steps, [to], JSON.stringify(sample));
  }
});

Deno.test("a call that moves to a network with a longer round trip gets its picture back", () => {
  // From Wi-Fi to a mobile network: 400 ms more, and nothing else wrong.
  const { steps, quality } = play(calm, 90, { rtt: 480 });
  deepEqual(names(steps), ["360p", "180p", "audio", "180p", "360p", "540p"]);
  equal(quality.poor, false);
});

Deno.test("quality does not rise while delay grows, and does not fall before it harms", () => {
  deepEqual(play(firstQuality(1), 5, {}).steps, []);
  const start = play(firstQuality(1), 5, {}).quality;
  deepEqual(play(start, 60, { rtt: 290 }).steps, []);
  deepEqual(names(play(start, 20, { rtt: 200 }).steps).slice(0, 1), ["360p"]);
});

Deno.test("a bandwidth estimate that grows slowly does not make a good network poor", () => {
  // Chromium begins at 300 kbps and adds 8 % a second while nothing is lost.
  let quality = firstQuality(2);
  const rungs = new Set<number>();
  for (let second = 0, available = 300; second < 60; second++, available *= 1.08) {
    quality = nextQuality(quality, { ...GOOD, available }, 3);
    equal(quality.poor, false, `second ${second}`);
    rungs.add(quality.rung);
  }
  deepEqual([...rungs], [2, 3]);
  // But an estimate that stays low counts.
  const fresh = { ...quality, climbed: 0 };
  const { seconds } = play(fresh, 30, { available: 600 });
  ok((seconds[0] ?? 99) > 10 && (seconds[0] ?? 99) < 15, seconds.join());
});

Deno.test("a single bad second changes nothing", () => {
  const one = play(play(calm, 1, { lossUp: 0.5 }).quality, 5, {});
  deepEqual([one.steps, one.quality.poor], [[], false]);
  // And a good second never lowers the quality.
  deepEqual(play({ ...calm, badScore: 4 }, 1, {}).steps, []);
});

Deno.test("when the link is good again quality rises step by step, slower than it fell", () => {
  const low = play(calm, 15, { lossUp: 0.4 }).quality;
  const { steps, quality, seconds } = play(low, 60, {});
  deepEqual(names(steps), ["180p", "360p", "540p"]);
  ok((seconds[0] ?? 0) >= 6 && (seconds[2] ?? 99) <= 40, steps.join());
  equal(quality.poor, false);
});

Deno.test("a link that carries at most 360p is tried at higher quality less and less often", () => {
  let quality = firstQuality(2);
  let climbs = 0;
  const at: number[] = [];
  for (let second = 0; second < 300; second++) {
    const sample = quality.rung === 3 ? { ...GOOD, available: 300 } : { ...GOOD, available: 320 };
    const next = nextQuality(quality, sample, 3);
    if (next.rung > quality.rung) {
      climbs++;
      at.push(second);
    }
    ok(next.rung >= 2, "never below what the link carries");
    quality = next;
  }
  ok(climbs >= 3 && climbs <= 6, `${climbs} tries in five minutes: ${at.join()}`);
  const pauses = at.slice(1).map((second, index) => second - (at[index] ?? 0));
  ok((pauses.at(-1) ?? 0) >= 2 * (pauses[0] ?? 0), pauses.join());
});

Deno.test("quality never exceeds the limit of choice and budget, and a new limit applies at once", () => {
  equal(play(firstQuality(1), 60, {}, 1).quality.rung, 1);
  deepEqual(play(firstQuality(3), 1, {}, 1).steps, ["1:180p"]);
  equal(play(firstQuality(3), 60, {}, 0).quality.rung, 0);
});
