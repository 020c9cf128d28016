/** Sends host events about the devices and people in a call. */
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import type { DeviceState, PageRole } from "../bridge/chime-page.d.ts";
import type { Host } from "../bridge/events.ts";
import type { SendIfChanged } from "./reports.ts";

export interface CallReports {
  device(device: "microphone" | "camera", state: DeviceState, trouble?: DeviceError): void;
  /** @param id of the person; it is not sent */
  joined(id: string, role: PageRole): void;
  left(id: string): void;
  /** Roles of the others in the call. */
  roles(): readonly PageRole[];
  /** The call is over; forgets everyone. */
  over(): void;
}

/** @param sendIfChanged sends an event unless its data is the same as last time */
export function createCallReports(host: Host, sendIfChanged: SendIfChanged): CallReports {
  const people = new Map<string, PageRole>();
  function participant(change: "joined" | "left", role: PageRole): void {
    const others = { provider: 0, patient: 0, guest: 0 };
    people.forEach((each) => others[each]++);
    host.send("participant", { change, role, others });
  }
  return {
    device(device, state, trouble) {
      if (!sendIfChanged(device, { state }) || trouble === undefined) return;
      if (trouble === "refused" || trouble === "denied") {
        host.send("permission", { device, state: "refused" });
      } else host.send("device", { device, trouble });
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
    roles: () => [...people.values()],
    over: () => people.clear(),
  };
}
