/** Types of a visit and its dependencies. */
import type {
  JoinInfo,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Host } from "../bridge/events.ts";
import type { Call, CallEvents } from "../call/call.ts";
import type { Session } from "../call/session.ts";
import type { Devices } from "../media/devices.ts";
import type { Api } from "./api.ts";
import type { Loader } from "./script_loader.ts";
import type { Store } from "./store.ts";
import type { Telemetry } from "./telemetry.ts";

/** The events of a call that the state machine handles. */
export type FlowEvents = Pick<
  CallEvents,
  "started" | "reconnecting" | "held" | "resumed" | "stopped" | "fault"
>;

export interface CallStart {
  readonly session: Session;
  readonly events: FlowEvents;
  readonly promptTimeoutMs: number;
}

/** Starts calls. What the loaded scripts provide. */
export interface Caller {
  /** Creates a session without connecting it. */
  open(place: JoinInfo): Session;
  start(start: CallStart): Call;
}

export interface VisitDependencies {
  readonly data: VisitPageData;
  readonly store: Store;
  readonly api: Api;
  readonly loader: Loader<Caller>;
  readonly host: Host;
  readonly telemetry: Telemetry;
  readonly devices: Devices;
  readonly supported: boolean;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** A running visit. */
export interface Visit {
  readonly call: Call | null;
  /** The credentials of the last admission. */
  readonly place: JoinInfo | null;
  /** Starts, or starts over, with these credentials or, if null, with new ones. */
  begin(join: JoinInfo | null): void;
  /** The person wants to join, as soon as the visit opens. */
  join(): void;
  /** The person leaves, which ends the visit on this page. */
  leave(): void;
  /** The network is back. */
  online(): void;
  /** The page is closing: releases everything without sending events. */
  abandon(): void;
}
