import { deepEqual, equal } from "node:assert/strict";
import { createCallReports } from "./call_reports.ts";
import { createReports } from "./reports.ts";
import { recordingHost } from "../../tests/support/recording_host.ts";

Deno.test("hosts learn the roles and numbers of people, never a name or an id", () => {
  const { host, events, heard } = recordingHost();
  const reports = createCallReports(host, createReports(host, () => undefined).sendIfChanged);
  reports.joined("a1", "provider");
  reports.joined("a1", "provider");
  reports.joined("a2", "guest");
  reports.left("a1");
  reports.left("a1");
  deepEqual(events("participant").map(([, data]) => data), [
    { change: "joined", role: "provider", others: { provider: 1, patient: 0, guest: 0 } },
    { change: "joined", role: "guest", others: { provider: 1, patient: 0, guest: 1 } },
    { change: "left", role: "provider", others: { provider: 0, patient: 0, guest: 1 } },
  ]);
  equal(JSON.stringify(heard).includes("a1"), false);
});

Deno.test("a refused device is reported as `permission`, a missing or busy one as `device`", () => {
  const { host, heard } = recordingHost();
  const reports = createCallReports(host, createReports(host, () => undefined).sendIfChanged);
  reports.device("microphone", "blocked", "refused");
  reports.device("microphone", "on");
  // Hosts are not told who denies it.
  reports.device("microphone", "blocked", "denied");
  reports.device("camera", "blocked", "busy");
  reports.device("camera", "on");
  reports.device("camera", "on");
  deepEqual(heard, [
    ["microphone", { state: "blocked" }],
    ["permission", { device: "microphone", state: "refused" }],
    ["microphone", { state: "on" }],
    ["microphone", { state: "blocked" }],
    ["permission", { device: "microphone", state: "refused" }],
    ["camera", { state: "blocked" }],
    ["device", { device: "camera", trouble: "busy" }],
    ["camera", { state: "on" }],
  ]);
});
