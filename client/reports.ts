/** What the host hears of devices and people, each thing once per change. */
import type {
  DeviceState,
  DeviceTrouble,
  PageEvents,
  PageRole,
  PageState,
} from "./chime-page.d.ts";
import type { Host } from "./host.ts";
import { HOLDING } from "./phases.ts";

type Device = "microphone" | "camera";

/** Turns what happens in the call into host events. */
export interface Reports {
  device(device: Device, state: DeviceState, trouble?: DeviceTrouble): void;
  /** @param id tells attendees apart; it is not sent */
  joined(id: string, role: PageRole): void;
  left(id: string): void;
  network(quality: PageEvents["network"]["quality"]): void;
  /** Where the person wants the sound, in this call and the next ones. */
  route(route: "speaker" | "earpiece"): void;
  /** The page's state changed: says what a running call needs of the device. */
  state(state: PageState): void;
}

// A screen that goes dark in the waiting room would end the wait: timers and camera stop with it.
const AWAKE: readonly PageState[] = [...HOLDING, "lobby", "waiting", "connecting"];

/** @param stayAwake holds the page's own wake lock, where the engine has one */
export function createReports(host: Host, stayAwake: (on: boolean) => void): Reports {
  const said = new Map<string, string>();
  const people = new Map<string, PageRole>();
  let wanted: "speaker" | "earpiece" = "speaker";
  /** Sends unless it is what was said last; `initial` needs no saying. */
  function once<Name extends "microphone" | "camera" | "network" | "audio-route" | "keep-awake">(
    event: Name,
    data: PageEvents[Name],
    initial?: PageEvents[Name],
  ): boolean {
    const text = JSON.stringify(data);
    if ((said.get(event) ?? JSON.stringify(initial)) === text) return false;
    said.set(event, text);
    host.send(event, data);
    return true;
  }
  function participant(change: "joined" | "left", role: PageRole): void {
    const others = { provider: 0, patient: 0, guest: 0 };
    people.forEach((each) => others[each]++);
    host.send("participant", { change, role, others });
  }
  return {
    device(device, state, trouble) {
      if (!once(device, { state }) || trouble === undefined) return;
      if (trouble === "refused") host.send("permission", { device, state: trouble });
      else host.send("device", { device, trouble });
    },
    joined(id, role) {
      if (people.has(id)) return;
      people.set(id, role);
      participant("joined", role);
    },
    left(id) {
      const role = people.get(id);
      if (role !== undefined && people.delete(id)) participant("left", role);
    },
    route(route) {
      wanted = route;
      once("audio-route", { route });
    },
    network: (quality) => void once("network", { quality }, { quality: "good" }),
    state(state) {
      const running = HOLDING.includes(state);
      if (!running) people.clear();
      once("audio-route", { route: running ? wanted : "default" }, { route: "default" });
      const on = AWAKE.includes(state);
      if (once("keep-awake", { on }, { on: false })) stayAwake(on);
    },
  };
}
