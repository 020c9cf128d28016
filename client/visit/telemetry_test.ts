import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { createTelemetry } from "./telemetry.ts";

Deno.test("telemetry follows the server's rules: short names, plain codes, small batches", () => {
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

Deno.test("telemetry that the browser refuses is sent again later", () => {
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
