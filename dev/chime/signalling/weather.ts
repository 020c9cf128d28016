import { type ImmediateFault, strikes } from "../faults.ts";
import type { NetworkPath } from "../media/network.ts";

type Lasting = Extract<ImmediateFault, { kind: "deaf" | "media" }>;
type Standing = { readonly fault: Lasting; readonly until: number };
type Who = { readonly attendeeId: string; readonly externalUserId: string };

/** Faults of the network that last, also for a client that comes back while they do. */
export class Weather {
  #standing: Standing[] = [];

  /** Notes a fault, if it is one that lasts. */
  change(fault: ImmediateFault): void {
    if (fault.kind !== "deaf" && fault.kind !== "media") return;
    this.#standing.push({ fault, until: Date.now() + (fault.milliseconds ?? Infinity) });
  }

  /** True while nothing from this attendee gets through, not even a new connection. */
  isDeaf(meetingId: string, attendee: Who): boolean {
    return this.#over(meetingId, attendee).some(({ fault }) => fault.kind === "deaf");
  }

  /** Has the faults that last strike a new path. */
  reach(meetingId: string, attendee: Who, path: NetworkPath): void {
    for (const { fault, until } of this.#over(meetingId, attendee)) {
      if (fault.kind !== "media") continue;
      path.spoil(fault, until === Infinity ? undefined : until - Date.now());
    }
  }

  /** Fair weather. */
  clear(): void {
    this.#standing = [];
  }

  #over(meetingId: string, { attendeeId, externalUserId }: Who): Standing[] {
    this.#standing = this.#standing.filter(({ until }) => until > Date.now());
    const who = { meetingId, attendeeId, externalUserId };
    return this.#standing.filter(({ fault }) => strikes(fault, who));
  }
}
