import { deepEqual, equal } from "node:assert/strict";
import { counterpartStatus, lastHeard } from "./counterpart_status.ts";

const heard = (at: number, ready = false) => ({ at, ready });

Deno.test("a person of whom nothing was heard is still to come", () => {
  equal(counterpartStatus(undefined, undefined), null);
});

Deno.test("a person in the lobby is getting ready, and waits once they have tapped Join", () => {
  equal(counterpartStatus(undefined, heard(0)), "gettingReady");
  equal(counterpartStatus(undefined, heard(0, true)), "isWaiting");
});

Deno.test("a person in the call is there, whatever the server heard", () => {
  equal(counterpartStatus({ state: "here", at: 0 }, heard(9_000)), "inCall");
  equal(counterpartStatus({ state: "silent", at: 0 }, heard(9_000, true)), "dropped");
});

Deno.test("a person who left is not said to wait because of what was heard before", () => {
  equal(counterpartStatus({ state: "left", at: 60_000 }, undefined), "hasLeft");
  equal(counterpartStatus({ state: "left", at: 60_000 }, heard(58_000, true)), "hasLeft");
  equal(counterpartStatus({ state: "dropped", at: 60_000 }, heard(58_000, true)), "dropped");
});

Deno.test("a person who left is back once they were heard of since", () => {
  equal(counterpartStatus({ state: "left", at: 60_000 }, heard(66_000)), "gettingReady");
  equal(counterpartStatus({ state: "dropped", at: 60_000 }, heard(66_000, true)), "isWaiting");
});

Deno.test("when somebody was heard of is counted from the status, with time for its way here", () => {
  const status = {
    state: "open",
    pollSeconds: 5,
    present: ["a"],
    heard: [{ id: "a", secondsAgo: 4, ready: true }],
  } as const;
  deepEqual(lastHeard(status, "a", 60_000), heard(54_000, true));
  equal(lastHeard(status, "b", 60_000), undefined);
});

Deno.test("a server that names only who is present is understood", () => {
  const status = { state: "open", pollSeconds: 5, present: ["a"] } as const;
  deepEqual(lastHeard(status, "a", 60_000), heard(58_000, true));
  equal(lastHeard(status, "b", 60_000), undefined);
});
