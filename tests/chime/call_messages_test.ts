import assert from "node:assert/strict";
import { withCallers } from "../support/chime/with_callers.ts";

const TEXT = (state: { messages: readonly { text: string }[] }) =>
  state.messages.map((message) => message.text);

Deno.test("data messages reach the others with their sender, and not the sender", () =>
  withCallers(async ({ enter }) => {
    const doctor = await enter("doctor", { camera: false });
    const patient = await enter("patient", { camera: false });
    await doctor.listen("chat");
    await patient.listen("chat");
    await doctor.say("chat", "Good morning");
    await doctor.say("other", "not for this topic");
    await patient.say("chat", "Good morning, doctor");
    const seen = await patient.until("a message", (state) => state.messages.length > 0);
    assert.deepEqual(seen.messages, [{ text: "Good morning", from: "doctor" }]);
    const back = await doctor.until("the answer", (state) => state.messages.length > 0);
    assert.deepEqual(TEXT(back), ["Good morning, doctor"]);
  }));

Deno.test("a person who joins late gets the messages whose lifetime has not ended", () =>
  withCallers(async ({ enter, startEntering }) => {
    const doctor = await enter("doctor", { camera: false });
    await doctor.say("chat", "gone at once", 0);
    await doctor.say("chat", "gone soon", 1);
    await doctor.say("chat", "stays", 300_000);
    const patient = await startEntering("patient", { camera: false, topic: "chat" });
    const seen = await patient.until("a message", (state) => state.messages.length > 0);
    assert.deepEqual(TEXT(seen), ["stays"]);
  }));

Deno.test("a person who sends too much at once is told that it was throttled", () =>
  withCallers(async ({ enter }) => {
    const doctor = await enter("doctor", { camera: false });
    const patient = await enter("patient", { camera: false });
    await doctor.listen("chat");
    await patient.listen("chat");
    await doctor.say("chat", "again", 0, 12);
    await doctor.until("being throttled", (state) => state.throttled === 2);
    await patient.until("what was let through", (state) => state.messages.length === 10);
  }, { limits: { dataMessagesPerSecond: 0.001, dataMessageBurst: 10 } }));
