import { deepEqual, equal } from "node:assert/strict";
import { createCallReports } from "./call_reports.ts";
import { createReports } from "./reports.ts";
import { listener } from "../../tests/support/recording_host.ts";

Deno.test("hosts hear of people by role and number, never by name or id", () => {
  const { host, events, heard } = listener();
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

Deno.test("a refused device is a permission matter, a missing or busy one a device matter", () => {
  const { host, heard } = listener();
  const reports = createCallReports(host, createReports(host, () => undefined).sendIfChanged);
  reports.device("microphone", "blocked", "refused");
  reports.device("camera", "blocked", "busy");
  reports.device("camera", "on");
  reports.device("camera", "on");
  deepEqual(heard, [
    ["microphone", { state: "blocked" }],
    ["permission", { device: "microphone", state: "refused" }],
    ["camera", { state: "blocked" }],
    ["device", { device: "camera", trouble: "busy" }],
    ["camera", { state: "on" }],
  ]);
});
