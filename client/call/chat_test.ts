import { deepEqual, equal } from "node:assert/strict";
import { type ChatMessage, createChat, fits } from "./chat.ts";

const ME = "person of a-me";

/** A chat whose network, people and clock the test controls. */
function createTestChat(options: { others?: number } = {}) {
  const sent: { data: Record<string, unknown>; lifetimeMs: number }[] = [];
  const timers: (() => void)[] = [];
  const fresh: ChatMessage[] = [];
  let count = 0;
  const chat = createChat({
    transmit: (data, lifetimeMs) => void sent.push({ data: JSON.parse(data), lifetimeMs }),
    self: ME,
    nameOf: (id) => ({ "a-doctor": "Dr. Nkolo", "a-me": "Me", "a-guest": "Guest" })[id] ?? null,
    others: () => options.others ?? 1,
    newId: () => `m${++count}`,
    later: (run) => void timers.push(run),
    changed: (message) => void (message && fresh.push(message)),
  });
  let clock = 0;
  /** @param timestampMs when Amazon received it; a message that it repeats keeps its first time */
  const from = (sender: string, data: unknown, throttled = false, timestampMs = ++clock) =>
    chat.received({
      timestampMs,
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
    /** Runs only the oldest timer. */
    passFirst: () => timers.shift()?.(),
  };
}

Deno.test("a message is sent once another page confirms it", () => {
  const { chat, from, states, sent } = createTestChat();
  chat.online(true);
  chat.send("  Good morning ");
  deepEqual(states(), ["Good morning: pending"]);
  deepEqual(sent, [{ data: { id: "m1", text: "Good morning" }, lifetimeMs: 300_000 }]);
  from("a-doctor", { ack: "m1" });
  deepEqual(states(), ["Good morning: sent"]);
});

Deno.test("a message that nobody confirms has failed, and can be sent again as the same message", () => {
  const { chat, from, states, sent, passTime } = createTestChat();
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

Deno.test("messages written while the call reconnects are sent when it is back", () => {
  const { chat, states, sent, from, passTime } = createTestChat();
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

Deno.test("a message that is sent again has its full time, whatever happened to the first try", () => {
  const { chat, from, states, passFirst } = createTestChat();
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
  const { chat, from, states } = createTestChat();
  chat.online(true);
  chat.send("Hello");
  from("a-me", { id: "m1", text: "Hello" }, true);
  deepEqual(states(), ["Hello: failed"]);
});

Deno.test("a message of a person who is alone counts as sent: Amazon keeps it for whoever joins", () => {
  const { chat, states } = createTestChat({ others: 0 });
  chat.online(true);
  chat.send("I am here");
  deepEqual(states(), ["I am here: sent"]);
});

Deno.test("another person's message shows once, and is confirmed each time it is sent", () => {
  const { from, fresh, sent } = createTestChat();
  from("a-doctor", { id: "x", text: "Take two a day" }, false, 10);
  // Sent again, then both repeated by Amazon after a reconnect.
  from("a-doctor", { id: "x", text: "Take two a day" }, false, 20);
  from("a-doctor", { id: "x", text: "Take two a day" }, false, 10);
  from("a-doctor", { id: "x", text: "Take two a day" }, false, 20);
  deepEqual(fresh.map(({ name, text }) => `${name}: ${text}`), ["Dr. Nkolo: Take two a day"]);
  deepEqual(sent.map(({ data, lifetimeMs }) => [data, lifetimeMs]), [
    [{ ack: "x" }, 0],
    [{ ack: "x" }, 0],
  ]);
});

Deno.test("after a reload the person's own messages come back from Amazon as sent, in order", () => {
  const { chat, from, fresh, sent, passTime } = createTestChat();
  from("a-me", { id: "1", text: "Good morning" });
  from("a-doctor", { id: "1", text: "Hello" });
  // On another device, under another attendee.
  chat.received({
    senderAttendeeId: "a-other-phone",
    senderExternalUserId: ME,
    throttled: false,
    timestampMs: 1000,
    text: () => `{"id":"2","text":"It hurts here"}`,
  });
  from("a-doctor", { ack: "1" });
  passTime();
  deepEqual(chat.messages.map(({ name, text, state }) => [name, text, state]), [
    [null, "Good morning", "sent"],
    ["Dr. Nkolo", "Hello", "sent"],
    [null, "It hurts here", "sent"],
  ]);
  deepEqual(fresh.map(({ text }) => text), ["Hello"]);
  // A page does not confirm its own person's messages.
  deepEqual(sent.map(({ data }) => data), [{ ack: "1" }]);
});

Deno.test("an own message that Amazon returns after a reconnect keeps its place", () => {
  const { chat, from, states, fresh, sent } = createTestChat();
  chat.online(true);
  chat.send("before");
  from("a-doctor", { id: "x", text: "Hello" });
  from("a-me", { id: "m1", text: "before" });
  from("a-me", { ack: "x" });
  deepEqual(states(), ["before: sent", "Hello: sent"]);
  deepEqual([fresh.length, sent.length], [1, 2]);
});

Deno.test("the same id from another person is another message", () => {
  const { chat, from, states } = createTestChat();
  chat.online(true);
  chat.send("mine");
  from("a-doctor", { id: "m1", text: "theirs" });
  from("a-guest", { id: "m1", text: "the guest's" });
  deepEqual(states(), ["mine: pending", "theirs: sent", "the guest's: sent"]);
});

Deno.test("of a flood the newest are kept, besides unsent and other people's messages, and few are confirmed", () => {
  const { chat, from, sent, states, fresh, passTime } = createTestChat();
  from("a-doctor", { id: "d", text: "Take two a day" }, false, 1);
  chat.send("waits for the call");
  for (let at = 2; at < 10_002; at++) from("a-guest", { id: `${at}`, text: `${at}` }, false, at);
  equal(chat.messages.length, 300);
  deepEqual([states()[0], states().at(-1)], ["waits for the call: pending", "10001: sent"]);
  equal(sent.length, 20);
  passTime();
  // All of it is repeated: nothing is new.
  const before = fresh.length;
  from("a-doctor", { id: "d", text: "Take two a day" }, false, 1);
  for (let at = 2; at < 10_002; at++) from("a-guest", { id: `${at}`, text: `${at}` }, false, at);
  equal(fresh.length, before);
  from("a-guest", { id: "next", text: "next" }, false, 20_000);
  deepEqual([fresh.length, sent.length], [before + 1, 21]);
});

Deno.test("no confirmation exceeds Amazon's limit, at which the SDK would end the call", () => {
  const { chat, from, sent } = createTestChat();
  // Bytes that are not UTF-8 become three each when they are sent back.
  from("a-doctor", { id: "\ufffd".repeat(1000), text: "x" });
  from("a-doctor", { id: "x", text: "y".repeat(3000) });
  for (const id of ["__proto__", "\ud800"]) from("a-doctor", { id, text: "\ud800" });
  from("a-doctor", `{"__proto__":{"id":"z","text":"z"}}`);
  equal(chat.messages.length, 2);
  deepEqual(sent.map(({ data }) => data["ack"]), ["__proto__", "\ud800"]);
});

Deno.test("messages of strangers and malformed messages are not shown", () => {
  const { chat, from, sent } = createTestChat();
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
  const { chat, from, states } = createTestChat();
  chat.online(true);
  chat.send("Hello");
  from("a-stranger", { ack: "m1" });
  deepEqual(states(), ["Hello: pending"]);
});

Deno.test("the limit counts bytes, not characters", () => {
  equal(fits("a".repeat(1990)), true);
  equal(fits("a".repeat(2040)), false);
  equal(fits("ع".repeat(990)), true);
  equal(fits("ع".repeat(1010)), false);
  const { chat } = createTestChat();
  equal(chat.send("😀".repeat(600)), false);
  equal(chat.send("   "), false);
  equal(chat.messages.length, 0);
});
