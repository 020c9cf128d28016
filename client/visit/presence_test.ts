import { deepEqual, rejects } from "node:assert/strict";
import { watchPresence } from "./presence.ts";
import { createStore } from "./store.ts";

Deno.test("presence is reported when it changes, not with each response", async () => {
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
