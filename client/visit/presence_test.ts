import { deepEqual, equal, rejects } from "node:assert/strict";
import { followCounterpart, followSelf, sayGoodbye, watchPresence } from "./presence.ts";
import { createStore } from "./store.ts";
import type { VisitState } from "./store.ts";

const createLobby = () => createStore({ stage: "lobby", ready: false }, "en");
const status = { state: "open", present: [], pollSeconds: 5 } as const;

Deno.test("the counterpart is reported when it changes, not with each response", () => {
  const store = createLobby();
  const said: unknown[] = [];
  followCounterpart(store, { id: "a" });
  store.follow("counterpart", () => said.push(store.now.counterpart));
  for (const ready of [false, false, true, true]) {
    const heard = [{ id: "a", secondsAgo: 1, ready }, { id: "b", secondsAgo: 1, ready: true }];
    store.set({ status: { ...status, heard } });
  }
  store.set({ connections: { a: { state: "here", at: performance.now() } } });
  store.set({ connections: { a: { state: "silent", at: performance.now() } } });
  store.set({ connections: { a: { state: "left", at: performance.now() } } });
  deepEqual(said, ["gettingReady", "isWaiting", "inCall", "dropped", "hasLeft"]);
});

/** How often a page in this state asks within some turns, and how long it waits in between. */
async function polls(state: Partial<VisitState>, turns: number) {
  const store = createLobby();
  store.set(state);
  const waits: number[] = [];
  let asked = 0;
  const watched = watchPresence({
    api: {
      status() {
        asked++;
        return Promise.resolve({ ok: true, value: status });
      },
    },
    sleep(seconds) {
      waits.push(seconds);
      return waits.length < turns ? Promise.resolve() : Promise.reject(new Error("enough"));
    },
    store,
  });
  await rejects(watched, /enough/);
  return { asked, waits };
}

Deno.test("a page asks in the lobby and alone in the call, and not while others are there", async () => {
  deepEqual(await polls({}, 3), { asked: 3, waits: [5, 5, 5] });
  equal((await polls({ phase: "in-call", people: 0 }, 3)).asked, 3);
  equal((await polls({ phase: "in-call", people: 1, counterpart: "inCall" }, 3)).asked, 0);
  equal((await polls({ phase: "left" }, 3)).asked, 0);
});

Deno.test("a page with only others in the call asks about the person the visit is with, less often", async () => {
  for (const counterpart of [null, "gettingReady", "isWaiting", "dropped", "hasLeft"] as const) {
    const { asked, waits } = await polls({ phase: "in-call", people: 1, counterpart }, 3);
    deepEqual([asked, waits], [3, [15, 15, 15]]);
  }
});

Deno.test("a status that is older than half a minute says nothing any more", async () => {
  const store = createLobby();
  followCounterpart(store, { id: "a" });
  let clock = 0;
  const seen: unknown[] = [];
  const watched = watchPresence({
    api: {
      // Answers once; after that, the network is gone.
      status() {
        if (clock > 0) return Promise.resolve({ ok: false, problem: "network" });
        const heard = [{ id: "a", secondsAgo: 1, ready: true }];
        store.set({ status: { ...status, heard } });
        return Promise.resolve({ ok: true, value: status });
      },
    },
    sleep(seconds) {
      clock += seconds * 1000;
      seen.push(store.now.counterpart);
      return clock < 40_000 ? Promise.resolve() : Promise.reject(new Error("enough"));
    },
    store,
  }, () => clock);
  await rejects(watched, /enough/);
  deepEqual(seen, [...Array(7).fill("isWaiting"), null]);
});

Deno.test("after the end a page asks at once, then rarely, and not for ever", async () => {
  const { asked, waits } = await polls({ phase: "ended" }, 200);
  deepEqual(waits.slice(0, 3), [5, 15, 15]);
  equal(asked, 79);
});

Deno.test("a page says goodbye when its person leaves and when it closes", () => {
  const store = createLobby();
  const page = new EventTarget();
  let goodbyes = 0;
  sayGoodbye(store, page as Pick<Window, "addEventListener">, () => goodbyes++);
  const phases = ["connecting", "in-call", "reconnecting", "in-call"] as const;
  for (const phase of phases) store.set({ phase });
  equal(goodbyes, 0);
  store.set({ phase: "left" });
  store.set({ phase: "loading" });
  store.set({ phase: "in-call" });
  store.set({ phase: "ended" });
  equal(goodbyes, 2);
  page.dispatchEvent(new Event("pagehide"));
  equal(goodbyes, 3);
});

Deno.test("a status that arrives after the goodbye is followed by another goodbye", () => {
  const store = createLobby();
  let goodbyes = 0;
  followSelf(store, "a");
  sayGoodbye(store, new EventTarget() as Pick<Window, "addEventListener">, () => goodbyes++);
  store.set({ status: { ...status } });
  equal(goodbyes, 0);
  store.set({ phase: "left" });
  store.set({ status: { ...status } });
  equal(goodbyes, 2);
  // After the end a page asks without saying that somebody is here.
  store.set({ phase: "in-call" });
  store.set({ phase: "ended" });
  store.set({ status: { ...status } });
  equal(goodbyes, 3);
});
