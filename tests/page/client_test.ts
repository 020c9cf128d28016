/// <reference lib="dom" />
import { deepEqual, doesNotMatch, equal, match, ok, rejects } from "node:assert/strict";
import { readProblem } from "../../client/visit/api.ts";
import { troubleOf } from "../../client/media/device_error.ts";
import { guarded } from "../../client/media/guard.ts";
import { watchPresence } from "../../client/visit/presence.ts";
import { markTab } from "../../client/visit/page_data.ts";
import { meaningOf } from "../../client/call/stop_reason.ts";
import { createStore } from "../../client/visit/store.ts";
import { createTelemetry } from "../../client/visit/telemetry.ts";
import { waitForAdmission } from "../../client/visit/admission.ts";
import { DEAD_JOIN } from "./support.ts";

Deno.test("only leaving, the meeting's end and removal are an end", () => {
  equal(meaningOf("Left", true), "left");
  equal(meaningOf("MeetingEnded", true), "ended");
  equal(meaningOf("AudioAttendeeRemoved", true), "removed");
  for (
    const name of ["AudioDisconnected", "TaskFailed", "ConnectionHealthReconnect", "OK", "New"]
  ) {
    equal(meaningOf(name, true), "failed", name);
  }
  equal(meaningOf("AudioJoinedFromAnotherDevice", true), "elsewhere");
  equal(meaningOf("AudioCallAtCapacity", false), "full");
});

Deno.test("a meeting that ended before anybody was in it calls for fresh credentials", () => {
  equal(meaningOf("MeetingEnded", false), "stale");
  equal(meaningOf("SignalingBadRequest", false), "stale");
});

Deno.test("telemetry keeps the server's rules: short names, plain codes, small batches", () => {
  const sent: string[] = [];
  const telemetry = createTelemetry({
    session: "secret",
    now: () => 12.6,
    send: (text) => sent.push(text) > 0,
  });
  for (let count = 0; count < 45; count++) {
    telemetry.note("error", { code: `INIT_FAILED: é ${"x".repeat(100)}`, count });
  }
  telemetry.flush();
  const batches = sent.map((text) => JSON.parse(text));
  deepEqual(batches.map((batch) => batch.events.length), [20, 20, 5]);
  const [event] = batches[0].events;
  equal(event.at, 13);
  match(event.data.code, /^[A-Za-z0-9._:-]{0,64}$/);
});

Deno.test("telemetry the browser refuses to take is offered again later", () => {
  let taking = false;
  const sent: string[] = [];
  const telemetry = createTelemetry({
    session: "s",
    now: () => 0,
    send: (text) => taking && sent.push(text) > 0,
  });
  telemetry.note("page");
  telemetry.flush();
  taking = true;
  telemetry.flush();
  equal(sent.length, 1);
  doesNotMatch(sent[0] ?? "", /undefined/);
});

Deno.test("the address loses its link and names the tab; a document that may not change it goes on", () => {
  const location = { pathname: "/visit", search: "?pass=secret&lang=en", hash: "#a" };
  const addresses: unknown[] = [];
  const replaceState = (_state: unknown, _title: string, url?: string | URL | null) => {
    addresses.push(url);
  };
  markTab(location, { state: null, replaceState }, "0a1b2c3d");
  deepEqual(addresses, ["/visit?tab=0a1b2c3d#a"]);
  const refuse = () => {
    throw new DOMException("opaque origin", "SecurityError");
  };
  markTab(location, { state: null, replaceState: refuse }, "0a1b2c3d");
});

Deno.test("a callback that throws is caught and told", () => {
  const told: unknown[] = [];
  guarded(() => {
    throw new TypeError("x");
  }, (error) => told.push(error))();
  ok(told[0] instanceof TypeError);
});

Deno.test("a device's error is read from the SDK's wrapping", () => {
  const wrapped = (name: string) => Object.assign(new Error(), { cause: { name } });
  equal(troubleOf(wrapped("NotAllowedError")), "refused");
  equal(troubleOf(wrapped("NotFoundError")), "missing");
  equal(troubleOf(wrapped("NotReadableError")), "busy");
  equal(troubleOf(new TypeError()), "refused");
});

Deno.test("a problem document is read by its name, with its words for the reader", () => {
  deepEqual(
    readProblem({ type: "https://x.example/problems/visit-over", title: "Over", detail: "Gone" }),
    { ok: false, problem: "visit-over", title: "Over", nextStep: "Gone" },
  );
  deepEqual(readProblem("<html>"), { ok: false, problem: "network" });
});

/** Runs a wait against a list of answers; tells what was asked and how long was slept. */
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
    events: { waiting: () => said.push("waiting"), unreachable: () => said.push("unreachable") },
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

Deno.test("the waiting room asks in the server's rhythm and joins when the visit opens", async () => {
  const { admission, asked, slept } = await waiting([NOT_YET, NOT_YET, OPEN], true);
  deepEqual(admission, { ok: true, join: DEAD_JOIN });
  deepEqual(asked, ["status", "status", "status", "join"]);
  deepEqual(slept, [3, 3]);
});

Deno.test("the waiting room outlasts a network that is gone, and asks more slowly", async () => {
  const { admission, slept, said } = await waiting([DOWN, DOWN, DOWN, OPEN], true);
  ok(admission?.ok);
  deepEqual(slept, [5, 10, 15]);
  deepEqual(said, ["unreachable"]);
});

Deno.test("the wait says what is new, and nothing twice: it is read out, and draws the page anew", async () => {
  const asked = await waiting([NOT_YET, NOT_YET, NOT_YET, OPEN], true);
  deepEqual(asked.said, []);
  const tapped = await waiting([NOT_YET, NOT_YET, OPEN], false);
  deepEqual(tapped.said, ["waiting"]);
  const broken = await waiting([NOT_YET, DOWN, DOWN, DOWN, NOT_YET, NOT_YET, OPEN], true);
  deepEqual(broken.said, ["unreachable", "waiting"]);
});

Deno.test("who else is there is said when it changes, not with each answer", async () => {
  const queue = [[], ["a"], ["a"], ["a", "b"], ["b"], ["b"]];
  const store = createStore({ stage: "lobby", ready: false }, "en");
  const said: boolean[] = [];
  store.follow("otherWaits", () => said.push(store.now.otherWaits));
  const watched = watchPresence({
    api: {
      status: () =>
        Promise.resolve({
          ok: true,
          value: { state: "open", present: queue.shift() ?? [], pollSeconds: 5 },
        }),
    },
    sleep: () => queue.length > 0 ? Promise.resolve() : Promise.reject(new Error("enough")),
    store,
    other: { id: "a" },
  });
  await rejects(watched, /enough/);
  deepEqual(said, [true, false]);
});

Deno.test("a person who tapped Try again hears at once that the server is out of reach", async () => {
  const { admission } = await waiting([DOWN], false);
  deepEqual(admission, DOWN);
});

Deno.test("a provider who goes while somebody comes in is waited for, not a failure", async () => {
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

Deno.test("a server that forgets its rhythm is not asked without pause", async () => {
  const { slept } = await waiting([{ ok: true, value: { state: "waiting" } }, OPEN], true);
  deepEqual(slept, [5]);
});
