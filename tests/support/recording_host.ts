/// <reference lib="dom" />
import type { PageEventName } from "../../client/bridge/chime-page.d.ts";
import type { Host } from "../../client/bridge/events.ts";

/** A host that writes down what it hears. */
export function listener() {
  const heard: [PageEventName, unknown][] = [];
  const host: Host = { send: (event, data) => void heard.push([event, data]) };
  return { host, heard, events: (name: string) => heard.filter(([event]) => event === name) };
}
