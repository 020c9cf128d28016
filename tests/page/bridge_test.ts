/// <reference lib="dom" />
import { deepEqual, equal } from "node:assert/strict";
import { createBridge } from "../../client/bridge/commands.ts";
import { createCallReports } from "../../client/visit/call_reports.ts";
import type { PageEventName, PageEvents, PageMessage } from "../../client/bridge/chime-page.d.ts";
import { createHost, type Host, type HostScope } from "../../client/bridge/events.ts";
import { createLegacyEvents } from "../../client/bridge/legacy_events.ts";
import { createReports } from "../../client/visit/reports.ts";
import { createWakeLock } from "../../client/media/wake_lock.ts";

/** A scope with every kind of host, and what each heard. */
function everyHost(origins: readonly string[], framedBy?: string) {
  const heard: string[] = [];
  const channel = (name: string) => ({
    postMessage: (text: string) => void heard.push(`${name} ${text}`),
  });
  const scope: HostScope = {
    ChimeHandler: channel("flutter"),
    flutter_inappwebview: { callHandler: (name, text) => heard.push(`inapp:${name} ${text}`) },
    ReactNativeWebView: channel("react"),
    webkit: { messageHandlers: { ChimeHandler: channel("webkit") } },
    parent: { postMessage: (text, origin) => void heard.push(`parent:${origin} ${text}`) },
    location: framedBy === undefined ? {} : { ancestorOrigins: [framedBy] },
  };
  return { host: createHost(scope, { origins, now: () => 1234 }), heard, scope };
}

Deno.test("every host hears one JSON text of version 1", () => {
  const { host, heard } = everyHost(["https://app.example"]);
  host.send("ready", "MEETING_INITIALIZED");
  const text = '{"event":"ready","data":"MEETING_INITIALIZED","timestamp":1234,"version":1}';
  deepEqual(heard, [
    `react ${text}`,
    // Not "webkit" too: on iOS both are the same channel.
    `flutter ${text}`,
    `inapp:ChimeHandler ${text}`,
    `parent:https://app.example ${text}`,
  ]);
});

Deno.test("a plain iOS host is heard under either spelling of its handler", () => {
  const heard: string[] = [];
  const chimeHandler = { postMessage: (text: string) => void heard.push(text) };
  const scope = { webkit: { messageHandlers: { chimeHandler } } };
  createHost(scope, { origins: [], now: () => 0 }).send("state", "waiting");
  equal(JSON.parse(heard[0] ?? "").data, "waiting");
});

Deno.test("a frame's parent hears nothing unless its origin is configured", () => {
  const { host, heard } = everyHost(["https://app.example"], "https://evil.example");
  host.send("state", "in-call");
  equal(heard.filter((line) => line.startsWith("parent")).length, 0);
  const none = everyHost([]);
  none.host.send("state", "in-call");
  equal(none.heard.filter((line) => line.startsWith("parent")).length, 0);
});

Deno.test("a host that throws keeps no other host from hearing", () => {
  const { host, heard, scope } = everyHost([]);
  Object.assign(scope, {
    ReactNativeWebView: {
      postMessage() {
        throw new Error("gone");
      },
    },
  });
  host.send("ended", "USER_LEFT");
  equal(heard.length, 2);
});

Deno.test("each call has one end, whoever says it how often, and a rejoin is a new call", () => {
  const { host, heard } = everyHost([]);
  host.send("ready", "MEETING_INITIALIZED");
  host.send("error", "CALL_FAILED: AudioDisconnected");
  host.send("ended", "USER_LEFT");
  host.send("ended", "MEETING_STOPPED");
  host.send("ready", "MEETING_INITIALIZED");
  host.send("ended", "MEETING_STOPPED");
  const said = heard.filter((line) => line.startsWith("react"))
    .map((line) => JSON.parse(line.slice(6)) as PageMessage)
    .map(({ event, data }) => `${event}/${data}`);
  deepEqual(said, [
    "ready/MEETING_INITIALIZED",
    "error/CALL_FAILED: AudioDisconnected",
    "ended/USER_LEFT",
    "ready/MEETING_INITIALIZED",
    "ended/MEETING_STOPPED",
  ]);
});

Deno.test("the first user's app hears its own words, beside the events, each once", () => {
  const heard: string[] = [];
  const scope: HostScope = {
    flutter_inappwebview: { callHandler: (name, text) => heard.push(`${name} ${text}`) },
  };
  const host = createHost(scope, {
    origins: [],
    now: () => 0,
    legacy: createLegacyEvents(() => "meeting-1"),
  });
  host.send("state", "connecting");
  host.send("ready", "MEETING_INITIALIZED");
  host.send("state", "in-call");
  host.send("state", "connecting");
  host.send("error", "CALL_FAILED: TaskFailed");
  host.send("ended", "USER_LEFT");
  host.send("ended", "USER_LEFT");
  host.send("ready", "MEETING_INITIALIZED");
  host.send("ended", "MEETING_STOPPED");
  deepEqual(heard.filter((line) => line.startsWith("FlutterChannel")), [
    "FlutterChannel SDK_READY",
    "FlutterChannel MEETING_JOINED",
    "FlutterChannel MEETING_ERROR:CALL_FAILED: TaskFailed",
    "FlutterChannel MEETING_LEFT",
    "FlutterChannel MEETING_JOINED",
    "FlutterChannel MEETING_ENDED_BY_PROVIDER:meeting-1",
  ]);
  equal(heard.filter((line) => line.startsWith("ChimeHandler")).length, 8);
});

/** A bridge whose handlers note what they were asked. */
function ear() {
  const done: string[] = [];
  const answers: PageEvents["answer"][] = [];
  const act = (name: string, answer?: boolean) => () => {
    done.push(name);
    return answer;
  };
  const bridge = createBridge({
    answer: (answer) => answers.push(answer),
    handlers: {
      "mute": act("mute"),
      "unmute": act("unmute"),
      "camera-on": act("camera-on"),
      "camera-off": act("camera-off"),
      "flip-camera": () => true,
      "leave": act("leave"),
      "back": () => false,
      "background": act("background"),
      "foreground": act("foreground"),
      "language": (tag) => done.push(`language ${tag}`) > 0 && tag === "ar",
    },
  });
  const send = bridge.send as (message: unknown) => boolean;
  return { send, done, answers };
}

Deno.test("known commands are done, as objects and as JSON text, and say whether they were handled", () => {
  const { send, done } = ear();
  equal(send({ command: "mute" }), true);
  equal(send('{"command":"unmute"}'), true);
  equal(send({ command: "back" }), false);
  equal(send({ command: "language", language: "ar" }), true);
  equal(send({ command: "language", language: "de" }), false);
  deepEqual(done, ["mute", "unmute", "language ar", "language de"]);
});

Deno.test("what is no command does nothing and breaks nothing", () => {
  const { send, done, answers } = ear();
  const strange: unknown[] = [
    null,
    undefined,
    7,
    "mute",
    "{",
    "[]",
    [],
    {},
    { command: 1 },
    { command: "toString" },
    { command: "__proto__" },
    { command: "language" },
    { command: "language", language: { toString: () => "ar" } },
    `{"command":"mute","x":"${"x".repeat(600)}"}`,
  ];
  for (const message of strange) equal(send(message), false, JSON.stringify(message));
  deepEqual([done, answers], [[], []]);
});

Deno.test("a command with an id is answered by an event, for hosts that cannot read a result", () => {
  const { send, answers } = ear();
  send({ command: "back", id: 7 });
  send({ command: "mute", id: "a" });
  send({ command: "nonsense", id: "b" });
  send({ command: "mute", id: "x".repeat(65) });
  deepEqual(answers, [
    { id: 7, command: "back", handled: false },
    { id: "a", command: "mute", handled: true },
    { id: "b", command: "nonsense", handled: false },
  ]);
});

/** A host that writes down what it hears. */
function listener() {
  const heard: [PageEventName, unknown][] = [];
  const host: Host = { send: (event, data) => void heard.push([event, data]) };
  return { host, heard, events: (name: string) => heard.filter(([event]) => event === name) };
}

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

Deno.test("the host keeps the screen on from the waiting room to the end, and the loudspeaker during the call", () => {
  const { host, heard } = listener();
  const locks: boolean[] = [];
  const reports = createReports(host, (on) => locks.push(on));
  for (const state of ["loading", "waiting", "connecting", "in-call"] as const) {
    reports.state(state);
  }
  for (const state of ["reconnecting", "in-call", "failed", "failed", "left"] as const) {
    reports.state(state);
  }
  deepEqual(heard, [
    ["keep-awake", { on: true }],
    ["audio-route", { route: "speaker" }],
    ["audio-route", { route: "default" }],
    ["keep-awake", { on: false }],
  ]);
  deepEqual(locks, [true, false]);
});

Deno.test("a network that was always good is no news; a lost and found one is", () => {
  const { host, heard } = listener();
  const reports = createReports(host, () => undefined);
  reports.network("good");
  reports.network("offline");
  reports.network("offline");
  reports.network("good");
  deepEqual(heard, [["network", { quality: "offline" }], ["network", { quality: "good" }]]);
});

Deno.test("the wake lock comes back with the page, is let go at the end, and may be missing or refused", async () => {
  const said: string[] = [];
  let seen: () => void = () => undefined;
  const document = {
    visibilityState: "visible" as DocumentVisibilityState,
    addEventListener: (_: string, listener: () => void) => void (seen = listener),
  };
  const wakeLock = {
    request: () => {
      said.push("request");
      return Promise.resolve({ release: () => Promise.resolve(void said.push("release")) });
    },
  };
  const hold = createWakeLock({ document, navigator: { wakeLock } } as never);
  const settled = () => new Promise((done) => setTimeout(done));
  hold(true);
  hold(true);
  await settled();
  document.visibilityState = "hidden";
  seen();
  await settled();
  document.visibilityState = "visible";
  seen();
  hold(false);
  await settled();
  seen();
  deepEqual(said, ["request", "release", "request", "release"]);
  createWakeLock({ document, navigator: {} } as never)(true);
  const refusing = { request: () => Promise.reject(new DOMException("", "NotAllowedError")) };
  createWakeLock({ document, navigator: { wakeLock: refusing } } as never)(true);
  await settled();
});
