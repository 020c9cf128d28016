import { deepEqual } from "node:assert/strict";
import { createReports } from "./reports.ts";
import { recordingHost } from "../../tests/support/recording_host.ts";

Deno.test("the host keeps the screen on from the waiting room to the end, and the loudspeaker during the call", () => {
  const { host, heard } = recordingHost();
  const locks: boolean[] = [];
  const reports = createReports(host, (on) => locks.push(on));
  for (const state of ["loading", "waiting", "connecting", "in-call"] as const) {
    reports.state(state);
  }
  for (const state of ["reconnecting", "in-call", "failed", "failed", "left"] as const) {
    reports.state(state);
  }
  deepEqual(heard, [
    ["keep-awake", { on: true }],
    ["audio-route", { route: "speaker" }],
    ["audio-route", { route: "default" }],
    ["keep-awake", { on: false }],
  ]);
  deepEqual(locks, [true, false]);
});

Deno.test("a good network is reported only after a bad one", () => {
  const { host, heard } = recordingHost();
  const reports = createReports(host, () => undefined);
  reports.network("good");
  reports.network("offline");
  reports.network("offline");
  reports.network("good");
  deepEqual(heard, [["network", { quality: "offline" }], ["network", { quality: "good" }]]);
});
