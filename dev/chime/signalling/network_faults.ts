import { type ImmediateFault, isTarget } from "../faults.ts";
import type { NetworkPath } from "../media/network_path.ts";

type LastingFault = Extract<ImmediateFault, { kind: "deaf" | "media" }>;
type ActiveFault = { readonly fault: LastingFault; readonly until: number };
type AttendeeIds = { readonly attendeeId: string; readonly externalUserId: string };

/** Network faults that last: they also apply to clients that connect later. */
export class NetworkFaults {
  #active: ActiveFault[] = [];

  add(fault: ImmediateFault): void {
    if (fault.kind !== "deaf" && fault.kind !== "media") return;
    this.#active.push({ fault, until: Date.now() + (fault.milliseconds ?? Infinity) });
  }

  /** Whether nothing from this attendee gets through, not even a new connection. */
  isDeaf(meetingId: string, attendee: AttendeeIds): boolean {
    return this.#affecting(meetingId, attendee).some(({ fault }) => fault.kind === "deaf");
  }

  applyTo(path: NetworkPath, meetingId: string, attendee: AttendeeIds): void {
    for (const { fault, until } of this.#affecting(meetingId, attendee)) {
      if (fault.kind !== "media") continue;
      path.impair(fault, until === Infinity ? undefined : until - Date.now());
    }
  }

  clear(): void {
    this.#active = [];
  }

  #affecting(meetingId: string, { attendeeId, externalUserId }: AttendeeIds): ActiveFault[] {
    this.#active = this.#active.filter(({ until }) => until > Date.now());
    const who = { meetingId, attendeeId, externalUserId };
    return this.#active.filter(({ fault }) => isTarget(fault, who));
  }
}
