import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../dev/chime/limits.ts";
import { DataMessages } from "../../dev/chime/signalling/data_messages.ts";
import { TestClock } from "../support/chime/control.ts";

function message(more: { topic?: string; bytes?: number; lifetimeMs?: number } = {}) {
  return {
    topic: more.topic ?? "chat",
    data: new Uint8Array(more.bytes ?? 10),
    lifetimeMs: more.lifetimeMs ?? 0,
    senderAttendeeId: "a",
    senderExternalUserId: "doctor",
    ingestTimeNs: 1,
  };
}

Deno.test("topics and sizes have the limits of Amazon Chime", () => {
  const messages = new DataMessages(DEFAULT_LIMITS, new TestClock().read);
  for (const topic of ["", "two words", "ü", "x".repeat(37)]) {
    assert.equal(messages.take(message({ topic })), "refused", topic);
  }
  assert.equal(messages.take(message({ topic: "x".repeat(36) })), "delivered");
  assert.equal(messages.take(message({ bytes: 2048 })), "delivered");
  assert.equal(messages.take(message({ bytes: 2049 })), "refused");
});

Deno.test("a message is kept for its lifetime, and five minutes at most", () => {
  const clock = new TestClock();
  const messages = new DataMessages(DEFAULT_LIMITS, clock.read);
  messages.take(message({ topic: "none" }));
  messages.take(message({ topic: "short", lifetimeMs: 1_000 }));
  messages.take(message({ topic: "long", lifetimeMs: 3_600_000 }));
  const topics = () => messages.kept().map((one) => one.topic);
  assert.deepEqual(topics(), ["short", "long"]);
  clock.advance(1_000);
  assert.deepEqual(topics(), ["long"]);
  clock.advance(299_000);
  assert.deepEqual(topics(), []);
});
