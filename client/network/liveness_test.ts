import { deepEqual, equal } from "node:assert/strict";
import { createLiveness, createSilenceDetector, reportSeconds } from "./liveness.ts";

function watch() {
  const said: string[] = [];
  const liveness = createLiveness((id, silent) =>
    said.push(`${id} ${silent ? "silent" : "heard"}`)
  );
  let at = 0;
  let incoming = 0;
  /** Lets time pass, in which this page receives something, or nothing. */
  const pass = (milliseconds: number, receives = true) => {
    at += milliseconds;
    liveness.take({ at, incoming: receives ? ++incoming : incoming });
  };
  pass(0);
  /** Lets seconds pass, and returns after how many of them somebody was silent. */
  const silentAfter = (seconds: number) => {
    for (let second = 1; second <= seconds; second++) {
      pass(1000);
      if (said.some((one) => one.endsWith("silent"))) return second;
    }
    return null;
  };
  return { said, liveness, silentAfter, pass };
}

Deno.test("a person who announced a report is silent after about four seconds without one", () => {
  const { said, liveness, silentAfter, pass } = watch();
  liveness.heard("a", reportSeconds(1));
  equal(silentAfter(10), 5);
  pass(1000);
  liveness.heard("a", 2);
  deepEqual(said, ["a silent", "a heard"]);
});

Deno.test("a person who reports every two seconds, or late once, is never silent", () => {
  const { said, liveness, pass } = watch();
  for (let round = 0; round < 50; round++) {
    liveness.heard("a", 2);
    for (let second = 0; second < (round % 10 === 0 ? 4 : 2); second++) pass(1000);
  }
  deepEqual(said, []);
});

Deno.test("anything else that comes from a person counts too", () => {
  const { said, liveness, pass } = watch();
  liveness.heard("a", 2);
  for (let second = 0; second < 60; second++) {
    pass(1000);
    liveness.heard("a");
  }
  deepEqual(said, []);
});

Deno.test("a person whose page announces nothing is not judged", () => {
  const { liveness, silentAfter } = watch();
  liveness.heard("a");
  equal(silentAfter(100), null);
});

Deno.test("in a group reports are rarer, and their absence is noticed later", () => {
  const { liveness, silentAfter } = watch();
  liveness.heard("a", reportSeconds(9));
  equal(silentAfter(60), 21);
});

Deno.test("nobody is blamed while this page itself receives nothing", () => {
  const { said, liveness, pass } = watch();
  liveness.heard("a", 2);
  for (let second = 0; second < 30; second++) pass(1000, false);
  pass(1000);
  deepEqual(said, []);
});

Deno.test("little that arrives is enough to know that this page's own network is fine", () => {
  const { liveness, said, pass } = watch();
  liveness.heard("a", 2);
  pass(2500);
  deepEqual(said, []);
  pass(2500);
  deepEqual(said, ["a silent"]);
});

Deno.test("after this page has reconnected, everyone has time to be heard of again", () => {
  const { liveness, silentAfter, pass } = watch();
  liveness.heard("a", 2);
  pass(3000);
  liveness.reset();
  pass(60_000);
  equal(silentAfter(10), 5);
});

Deno.test("a person who left is forgotten", () => {
  const { liveness, silentAfter } = watch();
  liveness.heard("a", 2);
  liveness.left("a");
  equal(silentAfter(100), null);
});

Deno.test("counters that fall are not taken for something that was received", () => {
  const said: boolean[] = [];
  const detect = createSilenceDetector((silent) => said.push(silent));
  const { said: others, liveness } = watch();
  liveness.heard("a", 2);
  let second = 0;
  const read = (incoming: number, at = 1000 * ++second) => {
    const counters = { at, incoming } as Parameters<typeof detect>[0];
    detect(counters);
    liveness.take(counters);
  };
  read(500);
  while (second < 9) read(500);
  deepEqual(said, [true]);
  // Chromium forgets a connection after 15 s without a response, and its time if it was the last one.
  while (second < 20) read(400);
  read(300, 0);
  read(0);
  read(0);
  deepEqual([said, others], [[true], []]);
  read(1);
  deepEqual(said, [true, false]);
});
