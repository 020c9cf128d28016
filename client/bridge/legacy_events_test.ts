import { deepEqual, equal } from "node:assert/strict";
import { createHost, type HostScope } from "./events.ts";
import { createLegacyEvents } from "./legacy_events.ts";

Deno.test("legacy messages are sent once each, besides the events", () => {
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
