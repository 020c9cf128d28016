import { z } from "zod";
import { PROBLEM_NAMES } from "./control/problem.ts";
import { type Operation, OPERATIONS, type Route } from "./control/routes.ts";

const operation = z.enum([...OPERATIONS, "*"]).default("*");
/** How many matching calls it applies to. */
const times = z.int().min(1).default(1);
/** Applies after the operation took effect: the work is done, the response is lost. */
const after = z.boolean().default(false);
const milliseconds = z.int().min(0);
/** The MeetingId that it applies to; every meeting without it. */
const meeting = z.string().optional();
/** Whom it applies to; `attendee` is an AttendeeId or an ExternalUserId. */
const target = { meeting, attendee: z.string().optional() };

/** Calls of the control plane it applies to; those that create meetings have no MeetingId yet. */
const call = { operation, meeting, times, after };

const controlFault = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("error"),
    ...call,
    error: z.enum(PROBLEM_NAMES),
    message: z.string().optional(),
  }),
  z.object({ kind: z.literal("delay"), ...call, milliseconds }),
  z.object({ kind: z.literal("hang"), ...call }),
  z.object({ kind: z.literal("reset"), ...call }),
]);

const immediateFault = z.discriminatedUnion("kind", [
  /** Ends meetings now, as if their time had come. */
  z.object({ kind: z.literal("end-meeting"), meeting }),
  /** Breaks signalling sockets without a closing frame. */
  z.object({ kind: z.literal("drop-socket"), ...target }),
  /** Neither reads nor writes signalling frames for a while. */
  z.object({ kind: z.literal("stall-socket"), ...target, milliseconds }),
  /** Loses signalling and media both ways for a while. */
  z.object({ kind: z.literal("deaf"), ...target, milliseconds }),
  /** Sends an AUDIO_STATUS; 410 and its like end the call for the SDK. */
  z.object({
    kind: z.literal("audio-status"),
    ...target,
    status: z.union([301, 403, 409, 410, 411, 500, 503].map((code) => z.literal(code))),
  }),
  /** Loses, delays and holds back media packets until cleared or `milliseconds` are over. */
  z.object({
    kind: z.literal("media"),
    ...target,
    lose: z.number().min(0).max(1).default(0),
    delay: z.number().min(0).default(0),
    /** What the link carries each way, and how long a packet may wait for its turn on it. */
    kbps: z.number().min(1).optional(),
    queue: z.number().min(0).optional(),
    milliseconds: milliseconds.optional(),
  }),
]);

const joinFault = z.object({
  kind: z.literal("refuse-join"),
  ...target,
  times,
  /** Close code: 4410 meeting ended, 4403 attendee gone, 45xx tried again by the SDK. */
  code: z.int().min(4000).max(4999),
});

const faultSchema = z.union([controlFault, immediateFault, joinFault]);

/** A fault as it is asked for, in-process or as JSON to `POST /_chime/faults`. */
export type Fault = z.input<typeof faultSchema>;
export type ControlFault = z.output<typeof controlFault> | HoldFault;
/** A fault that happens at once. */
export type ImmediateFault = z.output<typeof immediateFault>;
type JoinFault = z.output<typeof joinFault>;

/** Holds a call back until it is released or broken. */
interface HoldFault {
  readonly kind: "hold";
  readonly operation: Operation;
  readonly meeting?: undefined;
  readonly times: number;
  readonly after: boolean;
  readonly arrived: () => void;
  readonly outcome: Promise<"go" | "reset">;
  readonly end: (outcome: "go" | "reset") => void;
}

const IMMEDIATE = new Set<string>(immediateFault.options.map((one) => one.shape.kind.value));

/** Faults on demand: those that wait for a call, and handlers of those that happen at once. */
export class Faults {
  #control: ControlFault[] = [];
  #holds = new Set<HoldFault>();
  #join: JoinFault[] = [];
  #handlers: { apply: (fault: ImmediateFault) => void; clear: () => void }[] = [];

  /** Adds a fault. Throws `TypeError` where it is not one. */
  add(asked: Fault): void {
    this.addUnknown(asked);
  }

  /** The same for JSON from outside. */
  addUnknown(asked: unknown): void {
    const read = faultSchema.safeParse(asked);
    if (!read.success) throw new TypeError(`Cannot read fault: ${z.prettifyError(read.error)}`);
    const fault = read.data;
    if (fault.kind === "refuse-join") this.#join.push(fault);
    else if (isImmediate(fault)) { for (const { apply } of this.#handlers) apply(fault); }
    else this.#control.push(fault);
  }

  /**
   * Holds back the next call of an operation, `before` it takes effect or `after`. `arrived` of the
   * result resolves once the call is there; `release` or `clear` lets it continue, `reset` breaks
   * its connection.
   */
  hold(operation: Operation, when: "before" | "after" = "before") {
    const arrived = Promise.withResolvers<void>();
    const outcome = Promise.withResolvers<"go" | "reset">();
    const fault: HoldFault = {
      kind: "hold",
      operation,
      times: 1,
      after: when === "after",
      arrived: arrived.resolve,
      outcome: outcome.promise,
      end: outcome.resolve,
    };
    this.#holds.add(fault);
    this.#control.push(fault);
    return {
      arrived: arrived.promise,
      release: () => fault.end("go"),
      reset: () => fault.end("reset"),
    };
  }

  /** Removes every fault that waits, and stops those that last. */
  clear(): void {
    for (const hold of this.#holds) hold.end("go");
    this.#holds.clear();
    this.#control = [];
    this.#join = [];
    for (const { clear } of this.#handlers) clear();
  }

  pending(): readonly (ControlFault | JoinFault)[] {
    return [...this.#control, ...this.#join];
  }

  /** Calls `apply` with every fault that happens at once, and `clear` when faults are cleared. */
  onImmediate(apply: (fault: ImmediateFault) => void, clear: () => void = () => {}): void {
    this.#handlers.push({ apply, clear });
  }

  /** Takes the faults of this call of an operation, oldest first. */
  takeControl({ operation, meetingId }: Route, after: boolean): ControlFault[] {
    const hits = this.#control.filter((fault) =>
      fault.after === after && (fault.operation === "*" || fault.operation === operation) &&
      (fault.meeting === undefined || fault.meeting === meetingId)
    );
    // Delays add to what comes next; of the others only the oldest applies.
    const last = hits.findIndex((fault) => fault.kind !== "delay");
    const taken = last === -1 ? hits : hits.slice(0, last + 1);
    this.#control = spend(this.#control, taken);
    return taken;
  }

  /** Takes the fault that refuses this join, if there is one. */
  takeJoin(who: Parameters<typeof isTarget>[1]): JoinFault | undefined {
    const hit = this.#join.find((fault) => isTarget(fault, who));
    if (hit !== undefined) this.#join = spend(this.#join, [hit]);
    return hit;
  }
}

/** Whether a fault applies to this attendee of this meeting. */
export function isTarget(
  fault: { readonly meeting?: string | undefined; readonly attendee?: string | undefined },
  who: { readonly meetingId: string; readonly attendeeId: string; readonly externalUserId: string },
): boolean {
  if (fault.meeting !== undefined && fault.meeting !== who.meetingId) return false;
  return fault.attendee === undefined || fault.attendee === who.attendeeId ||
    fault.attendee === who.externalUserId;
}

function isImmediate(fault: { readonly kind: string }): fault is ImmediateFault {
  return IMMEDIATE.has(fault.kind);
}

function spend<T extends { times: number }>(all: readonly T[], taken: readonly T[]): T[] {
  return all.map((fault) => taken.includes(fault) ? { ...fault, times: fault.times - 1 } : fault)
    .filter((fault) => fault.times > 0);
}
