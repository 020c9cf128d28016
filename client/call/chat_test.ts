import { deepEqual, equal } from "node:assert/strict";
import { type ChatMessage, createChat, fits } from "./chat.ts";

const ME = "person of a-me";
const NOON = Date.UTC(2026, 10, 23, 12);

/** A chat whose network, people and clock the test controls. */
function createTestChat(options: { others?: number } = {}) {
  const sent: { data: Record<string, unknown>; lifetimeMs: number }[] = [];
  const timers: (() => void)[] = [];
  const fresh: ChatMessage[] = [];
  const time = { now: NOON };
  let count = 0;
  const chat = createChat({
    transmit: (data, lifetimeMs) => void sent.push({ data: JSON.parse(data), lifetimeMs }),
    self: ME,
    nameOf: (id) => ({ "a-doctor": "Dr. Nkolo", "a-me": "Me", "a-guest": "Guest" })[id] ?? null,
    now: () => time.now,
    newId: () => `m${++count}`,
    later: (run) => void timers.push(run),
    changed: (message) => void (message && fresh.push(message)),
  });
  chat.people(options.others ?? 1);
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
    time,
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

Deno.test("a message of a person who is alone waits, and is sent to whoever joins", () => {
  const { chat, from, states, sent, passTime } = createTestChat({ others: 0 });
  chat.online(true);
  chat.send("I am here");
  passTime();
  deepEqual(states(), ["I am here: waiting"]);
  // Amazon already has it, for five minutes.
  equal(sent.length, 1);
  chat.people(1);
  deepEqual(states(), ["I am here: pending"]);
  deepEqual(sent.map(({ data }) => data), [
    { id: "m1", text: "I am here" },
    { id: "m1", text: "I am here" },
  ]);
  from("a-doctor", { ack: "m1" });
  deepEqual(states(), ["I am here: sent"]);
  chat.people(2);
  equal(sent.length, 2);
});

Deno.test("a message that did not reach a person who then leaves waits for them", () => {
  const { chat, from, states, sent, passTime } = createTestChat();
  chat.online(true);
  chat.send("lost");
  passTime();
  chat.send("on its way");
  deepEqual(states(), ["lost: failed", "on its way: pending"]);
  chat.people(0);
  passTime();
  deepEqual(states(), ["lost: waiting", "on its way: waiting"]);
  sent.length = 0;
  // The page of a call redraws its tiles, and counts the people each time.
  chat.people(0);
  equal(sent.length, 0);
  chat.people(1);
  deepEqual(sent.map(({ data }) => data["id"]), ["m1", "m2"]);
  for (const ack of ["m1", "m2"]) from("a-doctor", { ack });
  deepEqual(states(), ["lost: sent", "on its way: sent"]);
});

Deno.test("with several people a message is sent once one of them has it", () => {
  const { chat, from, states, sent } = createTestChat({ others: 2 });
  chat.online(true);
  chat.send("Hello");
  from("a-guest", { ack: "m1" });
  deepEqual(states(), ["Hello: sent"]);
  chat.people(3);
  from("a-doctor", { ack: "m1" });
  equal(sent.length, 1);
});

Deno.test("many messages are sent again ten a second, and not once they have arrived", () => {
  const { chat, from, states, sent, passTime } = createTestChat({ others: 0 });
  chat.online(true);
  for (let number = 1; number <= 25; number++) chat.send(`${number}`);
  sent.length = 0;
  chat.people(1);
  equal(sent.length, 10);
  // The newcomer also got the stored messages.
  for (let number = 1; number <= 24; number++) from("a-doctor", { ack: `m${number}` });
  passTime();
  deepEqual(sent.slice(10).map(({ data }) => data["id"]), ["m25"]);
  equal(states().at(-1), "25: pending");
});

Deno.test("another person's message shows once, and is confirmed each time it is sent", () => {
  const { from, fresh, sent } = createTestChat();
  from("a-doctor", { id: "x", text: "Take two a day" }, false, 10);
  // Sent again, then both repeated by Amazon after a reconnect.
  from("a-doctor", { id: "x", text: "Take two a day" }, false, 20);
  from("a-doctor", { id: "x", text: "Take two a day" }, false, 10);
  from("a-doctor", { id: "x", text: "Take two a day" }, false, 20);
  deepEqual(fresh.map(({ name, text }) => `${name}: ${text}`), ["Dr. Nkolo: Take two a day"]);
  // Stored, so that its sender still knows after a reload.
  deepEqual(sent.map(({ data, lifetimeMs }) => [data, lifetimeMs]), [
    [{ ack: "x" }, 300_000],
    [{ ack: "x" }, 300_000],
  ]);
});

Deno.test("after a reload the person's own messages come back from Amazon in order, as sent if they arrived", () => {
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
    [null, "It hurts here", "pending"],
  ]);
  deepEqual(fresh.map(({ text }) => text), ["Hello"]);
  // A page does not confirm its own person's messages.
  deepEqual(sent.map(({ data }) => data), [{ ack: "1" }]);
  chat.online(true);
  deepEqual(sent.at(-1)?.data, { id: "2", text: "It hurts here" });
  from("a-doctor", { ack: "2" });
  equal(chat.messages.at(-1)?.state, "sent");
});

Deno.test("an own message that Amazon returns after a reconnect keeps its place", () => {
  const { chat, from, states, fresh, sent } = createTestChat();
  chat.online(true);
  chat.send("before");
  from("a-doctor", { id: "x", text: "Hello" });
  from("a-me", { id: "m1", text: "before" });
  from("a-me", { ack: "x" });
  // Amazon has it, but nobody has confirmed it.
  deepEqual(states(), ["before: pending", "Hello: sent"]);
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

Deno.test("a stored message keeps Amazon's time, unless the device's clock is wrong", () => {
  const { chat, from, time } = createTestChat();
  const last = () => chat.messages.at(-1)?.at;
  chat.send("mine");
  equal(last(), NOON);
  from("a-doctor", { id: "stored", text: "x" }, false, NOON - 60_000);
  equal(last(), NOON - 60_000);
  for (const wrongMs of [-3_600_000, 3_600_000]) {
    time.now = NOON + wrongMs;
    from("a-doctor", { id: `${wrongMs}`, text: "x" }, false, NOON);
    equal(last(), time.now);
  }
});
