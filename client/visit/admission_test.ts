import { deepEqual, ok } from "node:assert/strict";
import { waitForAdmission } from "./admission.ts";
import { DEAD_JOIN } from "../../tests/support/visit_page.ts";

/** Runs a wait against a list of responses; returns the requests, the pauses and the events. */
async function waiting(
  statuses: readonly unknown[],
  patient: boolean,
  joins: readonly unknown[] = [],
) {
  const asked: string[] = [];
  const slept: number[] = [];
  const queue = [...statuses];
  const answers = [...joins];
  const api = {
    status: () => {
      asked.push("status");
      return Promise.resolve(queue.shift() as never);
    },
    join: () => {
      asked.push("join");
      return Promise.resolve((answers.shift() ?? { ok: true, value: DEAD_JOIN }) as never);
    },
  };
  const said: string[] = [];
  const admission = await waitForAdmission({
    api,
    events: {
      waiting: () => said.push("waiting"),
      unreachable: () => said.push("unreachable"),
    },
    sleep: (seconds) => {
      slept.push(seconds);
      return Promise.resolve();
    },
    wanted: () => asked.length < 20,
  }, patient);
  return { admission, asked, slept, said };
}
const NOT_YET = { ok: true, value: { state: "waiting", present: [], pollSeconds: 3 } };
const OPEN = { ok: true, value: { state: "open", present: [], pollSeconds: 3 } };
const DOWN = { ok: false, problem: "network" };

Deno.test("the waiting room polls at the server's interval and joins when the visit opens", async () => {
  const { admission, asked, slept } = await waiting([NOT_YET, NOT_YET, OPEN], true);
  deepEqual(admission, { ok: true, join: DEAD_JOIN });
  deepEqual(asked, ["status", "status", "status", "join"]);
  deepEqual(slept, [3, 3]);
});

Deno.test("the waiting room survives a lost network, and polls more slowly", async () => {
  const { admission, slept, said } = await waiting([DOWN, DOWN, DOWN, OPEN], true);
  ok(admission?.ok);
  deepEqual(slept, [5, 10, 15]);
  deepEqual(said, ["unreachable"]);
});

Deno.test("a visit that was ended is neither joined nor waited for", async () => {
  const ended = { ok: true, value: { ...NOT_YET.value, ended: true } };
  for (const patient of [true, false]) {
    const { admission, asked } = await waiting([ended, OPEN], patient);
    deepEqual([admission, asked], [{ ok: false, problem: "ended" }, ["status"]]);
  }
});

Deno.test("the waiting room reports each change once", async () => {
  const asked = await waiting([NOT_YET, NOT_YET, NOT_YET, OPEN], true);
  deepEqual(asked.said, []);
  const tapped = await waiting([NOT_YET, NOT_YET, OPEN], false);
  deepEqual(tapped.said, ["waiting"]);
  const broken = await waiting([NOT_YET, DOWN, DOWN, DOWN, NOT_YET, NOT_YET, OPEN], true);
  deepEqual(broken.said, ["unreachable", "waiting"]);
});

Deno.test("a person who tapped Try again is told at once that the server cannot be reached", async () => {
  const { admission } = await waiting([DOWN], false);
  deepEqual(admission, DOWN);
});

Deno.test("when the provider leaves while a person joins, the person waits again", async () => {
  const gone = {
    ok: false,
    problem: "not-allowed",
    title: "You do not have permission to do this",
  };
  for (const patient of [true, false]) {
    const { admission, asked } = await waiting([OPEN, OPEN], patient, [gone]);
    deepEqual(admission, { ok: true, join: DEAD_JOIN });
    deepEqual(asked, ["status", "join", "status", "join"]);
  }
});

Deno.test("a visit that is over ends the wait", async () => {
  const over = { ok: false, problem: "visit-over", title: "Over" };
  const { admission } = await waiting([NOT_YET, over], true);
  deepEqual(admission, over);
});

Deno.test("a response without an interval does not make the waiting room poll without pause", async () => {
  const { slept } = await waiting([{ ok: true, value: { state: "waiting" } }, OPEN], true);
  deepEqual(slept, [5]);
});
