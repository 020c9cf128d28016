import assert from "node:assert/strict";
import { type Appointment, decide } from "./join_policy.ts";

const start = Date.parse("2026-11-22T09:00:00Z");
const minute = 60_000;
const rule = { opensBeforeMinutes: 15, closesAfterMinutes: 60, waitingRoom: true };

function appointment(changes: Partial<Appointment> = {}): Appointment {
  return {
    id: "a0000000-0000-4000-8000-000000000001",
    startsAt: new Date(start),
    endsAt: new Date(start + 30 * minute),
    status: "scheduled",
    videoEnabled: true,
    mediaRegion: null,
    ...changes,
  };
}

function kindAt(offsetMs: number, changes: Partial<Appointment> = {}): string {
  return decide(appointment(changes), "provider", false, new Date(start + offsetMs), rule).kind;
}

Deno.test("joining opens exactly 15 minutes before the start", () => {
  assert.equal(kindAt(-15 * minute - 1), "too-early");
  assert.equal(kindAt(-15 * minute), "open");
});

Deno.test("joining closes exactly 60 minutes after the end", () => {
  assert.equal(kindAt(90 * minute - 1), "open");
  assert.equal(kindAt(90 * minute), "over");
});

Deno.test("a person who is too early is told when joining opens", () => {
  const decision = decide(appointment(), "patient", false, new Date(start - 3_600_000), rule);
  assert.deepEqual(decision, { kind: "too-early", opensAt: new Date(start - 15 * minute) });
});

Deno.test("a cancelled, completed or non-video appointment cannot be joined at any time", () => {
  for (const offset of [-86_400_000, 0, 86_400_000]) {
    assert.equal(kindAt(offset, { status: "cancelled" }), "cancelled");
    assert.equal(kindAt(offset, { status: "completed" }), "over");
    assert.equal(kindAt(offset, { videoEnabled: false }), "video-disabled");
  }
});

Deno.test("patients and guests wait until a provider has joined, providers never wait", () => {
  const now = new Date(start);
  for (const role of ["patient", "guest"] as const) {
    assert.equal(decide(appointment(), role, false, now, rule).kind, "waiting");
    assert.equal(decide(appointment(), role, true, now, rule).kind, "open");
    assert.equal(
      decide(appointment(), role, false, now, { ...rule, waitingRoom: false }).kind,
      "open",
    );
  }
  assert.equal(decide(appointment(), "provider", false, now, rule).kind, "open");
});
