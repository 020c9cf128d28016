/// <reference lib="dom" />
import type { PageEventName } from "../../client/bridge/chime-page.d.ts";
import type { Host } from "../../client/bridge/events.ts";

/** A host that records its messages. */
export function recordingHost() {
  const heard: [PageEventName, unknown][] = [];
  const host: Host = { send: (event, data) => void heard.push([event, data]) };
  return { host, heard, events: (name: string) => heard.filter(([event]) => event === name) };
}
