/** What the host hears of the device around the visit, each thing once per change. */
import type { PageEvents, PageState } from "../bridge/chime-page.d.ts";
import type { Host } from "../bridge/events.ts";
import { HOLDING } from "./phases.ts";

/** Turns what happens to the visit into host events. */
export interface Reports {
  /** Sends unless it is what was said last of this event; answers whether it sent. */
  once: Once;
  network(quality: PageEvents["network"]["quality"]): void;
  /** Where the person wants the sound, in this call and the next ones. */
  route(route: "speaker" | "earpiece"): void;
  /** The page's state changed: says what a running call needs of the device. */
  state(state: PageState): void;
}

// A screen that goes dark in the waiting room would end the wait: timers and camera stop with it.
const AWAKE: readonly PageState[] = [...HOLDING, "lobby", "waiting", "connecting"];

/** Events that tell a state. */
type Told = "microphone" | "camera" | "network" | "audio-route" | "keep-awake";

/** @param initial needs no saying */
export type Once = <Name extends Told>(
  event: Name,
  data: PageEvents[Name],
  initial?: PageEvents[Name],
) => boolean;

/** @param stayAwake holds the page's own wake lock, where the engine has one */
export function createReports(host: Host, stayAwake: (on: boolean) => void): Reports {
  const said = new Map<string, string>();
  let wanted: "speaker" | "earpiece" = "speaker";
  const once: Once = (event, data, initial) => {
    const text = JSON.stringify(data);
    if ((said.get(event) ?? JSON.stringify(initial)) === text) return false;
    said.set(event, text);
    host.send(event, data);
    return true;
  };
  return {
    once,
    route(route) {
      wanted = route;
      once("audio-route", { route });
    },
    network: (quality) => void once("network", { quality }, { quality: "good" }),
    state(state) {
      const running = HOLDING.includes(state);
      once("audio-route", { route: running ? wanted : "default" }, { route: "default" });
      const on = AWAKE.includes(state);
      if (once("keep-awake", { on }, { on: false })) stayAwake(on);
    },
  };
}
