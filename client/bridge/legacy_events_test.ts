import { deepEqual, equal } from "node:assert/strict";
import { createHost, type HostScope } from "./events.ts";
import { createLegacyEvents } from "./legacy_events.ts";

/** A host, what its `FlutterChannel` has heard, and how often `ChimeHandler` was called. */
function listen(meetingId: () => string, endedHere: () => string) {
  const heard: string[] = [];
  let events = 0;
  const scope: HostScope = {
    flutter_inappwebview: {
      callHandler: (name, text) => name === "FlutterChannel" ? heard.push(text) : events++,
    },
  };
  const host = createHost(scope, {
    origins: [],
    now: () => 0,
    legacy: createLegacyEvents(meetingId, endedHere),
  });
  return { host, heard, events: () => events };
}

Deno.test("legacy messages are sent once each, besides the events", () => {
  const { host, heard, events } = listen(() => "meeting-1", () => "");
  host.send("state", "connecting");
  host.send("ready", "MEETING_INITIALIZED");
  host.send("state", "in-call");
  host.send("state", "connecting");
  host.send("ended", "USER_LEFT");
  host.send("ended", "USER_LEFT");
  host.send("ready", "MEETING_INITIALIZED");
  host.send("ended", "MEETING_STOPPED");
  deepEqual(heard, [
    "SDK_READY",
    "MEETING_JOINED",
    "MEETING_LEFT",
    "MEETING_JOINED",
    "MEETING_ENDED_BY_HOST",
  ]);
  equal(events(), 7);
});

Deno.test("no legacy error is sent while the page can recover, and none that it cannot is lost", () => {
  const { host, heard, events } = listen(() => "meeting-1", () => "");
  for (
    const error of [
      "SDK_LOAD_FAILED",
      "SDK_TIMEOUT",
      "INIT_FAILED: network",
      "INIT_FAILED: Timeout",
      "INIT_FAILED: AudioCallAtCapacity",
      "CALL_FAILED: TaskFailed",
      "CALL_FAILED: Reconnect",
    ] as const
  ) host.send("error", error);
  deepEqual([heard, events()], [[], 7]);
  host.send("error", "INIT_FAILED: Unsupported");
  deepEqual(heard, ["MEETING_ERROR:INIT_FAILED: Unsupported"]);
});

Deno.test("only the page that ended a meeting tells its app that the provider ended it", () => {
  let [meeting, ended] = ["meeting-1", ""];
  const { host, heard } = listen(() => meeting, () => ended);
  host.send("ready", "MEETING_INITIALIZED");
  ended = "meeting-1";
  host.send("ended", "MEETING_STOPPED");
  // The visit is opened again, and a colleague ends it.
  meeting = "meeting-2";
  host.send("ready", "MEETING_INITIALIZED");
  host.send("ended", "MEETING_STOPPED");
  deepEqual(heard, [
    "MEETING_JOINED",
    "MEETING_ENDED_BY_PROVIDER:meeting-1",
    "MEETING_JOINED",
    "MEETING_ENDED_BY_HOST",
  ]);
});

Deno.test("a person who ends the visit and leaves before Chime reports it is still the one who ended it", () => {
  const { host, heard } = listen(() => "meeting-1", () => "meeting-1");
  host.send("ended", "USER_LEFT");
  deepEqual(heard, ["MEETING_ENDED_BY_PROVIDER:meeting-1"]);
});

Deno.test("a visit that is over before its first call was not ended by this page", () => {
  const { host, heard } = listen(() => "", () => "");
  host.send("ended", "MEETING_STOPPED");
  deepEqual(heard, ["MEETING_ENDED_BY_HOST"]);
});
