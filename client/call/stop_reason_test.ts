import { equal } from "node:assert/strict";
import { meaningOf } from "./stop_reason.ts";

Deno.test("only leaving, the meeting's end and removal end a call", () => {
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

Deno.test("a meeting that ended before the person was in it needs new credentials", () => {
  equal(meaningOf("MeetingEnded", false), "stale");
  equal(meaningOf("SignalingBadRequest", false), "stale");
});
