import { deepEqual, equal } from "node:assert/strict";
import type { PageMessage } from "./chime-page.d.ts";
import { createHost, type HostScope } from "./events.ts";

/** A scope with every kind of host, and what each received. */
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

Deno.test("every host receives one JSON message of version 1", () => {
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

Deno.test("a plain iOS host is found under either spelling of its handler", () => {
  const heard: string[] = [];
  const chimeHandler = { postMessage: (text: string) => void heard.push(text) };
  const scope = { webkit: { messageHandlers: { chimeHandler } } };
  createHost(scope, { origins: [], now: () => 0 }).send("state", "waiting");
  equal(JSON.parse(heard[0] ?? "").data, "waiting");
});

Deno.test("a frame's parent receives nothing unless its origin is configured", () => {
  const { host, heard } = everyHost(["https://app.example"], "https://evil.example");
  host.send("state", "in-call");
  equal(heard.filter((line) => line.startsWith("parent")).length, 0);
  const none = everyHost([]);
  none.host.send("state", "in-call");
  equal(none.heard.filter((line) => line.startsWith("parent")).length, 0);
});

Deno.test("an error in one host does not stop messages to the others", () => {
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

Deno.test("each call ends once, however often its end is reported, and a rejoin is a new call", () => {
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
