/** Host events about the network, the audio route and keeping the screen on, sent on changes. */
import type { PageEvents, PageState } from "../bridge/chime-page.d.ts";
import type { Host } from "../bridge/events.ts";
import { IN_CALL } from "./phases.ts";

export interface Reports {
  /** Sends an event unless its data is the same as last time. */
  sendIfChanged: SendIfChanged;
  network(quality: PageEvents["network"]["quality"]): void;
  /** Sets the audio output that the person wants, in this call and later ones. */
  route(route: "speaker" | "earpiece"): void;
  /** The page's state changed: updates the audio route and whether the screen stays on. */
  state(state: PageState): void;
}

// Includes the waiting room, because timers and the camera stop when the screen turns off.
const AWAKE: readonly PageState[] = [...IN_CALL, "lobby", "waiting", "connecting"];

/** Events that report a state. */
type StateEvent = "microphone" | "camera" | "picture" | "network" | "audio-route" | "keep-awake";

/**
 * Sends an event unless its data is the same as last time.
 * @param initial state before the first event, which is not sent
 * @returns whether the event was sent
 */
export type SendIfChanged = <Name extends StateEvent>(
  event: Name,
  data: PageEvents[Name],
  initial?: PageEvents[Name],
) => boolean;

/** @param stayAwake acquires or releases the page's own wake lock */
export function createReports(host: Host, stayAwake: (on: boolean) => void): Reports {
  const lastSent = new Map<string, string>();
  let wanted: "speaker" | "earpiece" = "speaker";
  const sendIfChanged: SendIfChanged = (event, data, initial) => {
    const text = JSON.stringify(data);
    if ((lastSent.get(event) ?? JSON.stringify(initial)) === text) return false;
    lastSent.set(event, text);
    host.send(event, data);
    return true;
  };
  return {
    sendIfChanged,
    route(route) {
      wanted = route;
      sendIfChanged("audio-route", { route });
    },
    network: (quality) => void sendIfChanged("network", { quality }, { quality: "good" }),
    state(state) {
      const running = IN_CALL.includes(state);
      sendIfChanged("audio-route", { route: running ? wanted : "default" }, { route: "default" });
      const on = AWAKE.includes(state);
      if (sendIfChanged("keep-awake", { on }, { on: false })) stayAwake(on);
    },
  };
}
