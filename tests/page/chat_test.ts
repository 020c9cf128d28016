import { deepEqual, equal } from "node:assert/strict";
import { type ChatMessage, createChat, fits } from "../../client/chat.ts";

/** A chat whose network, people and clock the test holds. */
function scene(options: { others?: number } = {}) {
  const sent: { data: Record<string, unknown>; lifetimeMs: number }[] = [];
  const timers: (() => void)[] = [];
  const fresh: ChatMessage[] = [];
  let count = 0;
  const chat = createChat({
    transmit: (data, lifetimeMs) => void sent.push({ data: JSON.parse(data), lifetimeMs }),
    nameOf: (id) => id === "a-doctor" ? "Dr. Nkolo" : null,
    others: () => options.others ?? 1,
    newId: () => `m${++count}`,
    later: (run) => void timers.push(run),
    changed: (message) => void (message && fresh.push(message)),
  });
  const from = (sender: string, data: unknown, throttled = false) =>
    chat.received({
      senderAttendeeId: sender,
      senderExternalUserId: `person of ${sender}`,
      throttled,
      text: () => typeof data === "string" ? data : JSON.stringify(data),
    });
  const states = () => chat.messages.map(({ text, state }) => `${text}: ${state}`);
  return {
    chat,
    sent,
    from,
    states,
    fresh,
    passTime: () => timers.splice(0).forEach((run) => run()),
    /** Only the oldest try has waited long enough. */
    passFirst: () => timers.shift()?.(),
  };
}

Deno.test("a message is sent when another page says that it came", () => {
  const { chat, from, states, sent } = scene();
  chat.online(true);
  chat.send("  Good morning ");
  deepEqual(states(), ["Good morning: pending"]);
  deepEqual(sent, [{ data: { id: "m1", text: "Good morning" }, lifetimeMs: 300_000 }]);
  from("a-doctor", { ack: "m1" });
  deepEqual(states(), ["Good morning: sent"]);
});

Deno.test("a message nobody confirms has failed, and can be sent again as the same message", () => {
  const { chat, from, states, sent, passTime } = scene();
  chat.online(true);
  chat.send("Hello");
  passTime();
  deepEqual(states(), ["Hello: failed"]);
  chat.retry("m1");
  deepEqual(states(), ["Hello: pending"]);
  deepEqual(sent.map(({ data }) => data["id"]), ["m1", "m1"]);
  from("a-doctor", { ack: "m1" });
  passTime();
  deepEqual(states(), ["Hello: sent"]);
});

Deno.test("what is written while the call reconnects goes out when it is back", () => {
  const { chat, states, sent, from, passTime } = scene();
  chat.online(true);
  chat.send("before");
  chat.online(false);
  passTime();
  chat.send("meanwhile");
  deepEqual(states(), ["before: pending", "meanwhile: pending"]);
  chat.online(true);
  deepEqual(sent.map(({ data }) => data["text"]), ["before", "before", "meanwhile"]);
  from("a-doctor", { ack: "m1" });
  from("a-doctor", { ack: "m2" });
  deepEqual(states(), ["before: sent", "meanwhile: sent"]);
});

Deno.test("a message that was sent again is given its whole time, whatever came of the first try", () => {
  const { chat, from, states, passFirst } = scene();
  chat.online(true);
  chat.send("Hello");
  chat.online(false);
  chat.online(true);
  passFirst();
  deepEqual(states(), ["Hello: pending"]);
  passFirst();
  deepEqual(states(), ["Hello: failed"]);
  chat.retry("m1");
  from("a-doctor", { ack: "m1" });
  deepEqual(states(), ["Hello: sent"]);
});

Deno.test("a message that Amazon throttles has failed", () => {
  const { chat, from, states } = scene();
  chat.online(true);
  chat.send("Hello");
  from("a-me", { id: "m1", text: "Hello" }, true);
  deepEqual(states(), ["Hello: failed"]);
});

Deno.test("alone in the call, a message waits at Amazon for whoever comes", () => {
  const { chat, states } = scene({ others: 0 });
  chat.online(true);
  chat.send("I am here");
  deepEqual(states(), ["I am here: sent"]);
});

Deno.test("a message of somebody else shows once, however often it comes, and is confirmed", () => {
  const { from, fresh, sent } = scene();
  from("a-doctor", { id: "x", text: "Take two a day" });
  from("a-doctor", { id: "x", text: "Take two a day" });
  deepEqual(fresh.map(({ name, text }) => `${name}: ${text}`), ["Dr. Nkolo: Take two a day"]);
  deepEqual(sent.map(({ data, lifetimeMs }) => [data, lifetimeMs]), [
    [{ ack: "x" }, 0],
    [{ ack: "x" }, 0],
  ]);
});

Deno.test("nothing shows of a stranger, and nothing that is no message", () => {
  const { chat, from, sent } = scene();
  from("a-stranger", { id: "x", text: "Call this number" });
  for (
    const data of ["", "[", "null", "7", { id: 1, text: "x" }, { id: "x" }, { id: "x", text: " " }]
  ) {
    from("a-doctor", data);
  }
  equal(chat.messages.length, 0);
  equal(sent.length, 0);
});

Deno.test("a stranger cannot confirm a message", () => {
  const { chat, from, states } = scene();
  chat.online(true);
  chat.send("Hello");
  from("a-stranger", { ack: "m1" });
  deepEqual(states(), ["Hello: pending"]);
});

Deno.test("the limit counts bytes, not letters", () => {
  equal(fits("a".repeat(1990)), true);
  equal(fits("a".repeat(2040)), false);
  equal(fits("ع".repeat(990)), true);
  equal(fits("ع".repeat(1010)), false);
  const { chat } = scene();
  equal(chat.send("😀".repeat(600)), false);
  equal(chat.send("   "), false);
  equal(chat.messages.length, 0);
});
