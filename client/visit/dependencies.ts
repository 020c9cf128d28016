/** What drives a visit, and what it needs. */
import type {
  JoinInfo,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Host } from "../bridge/events.ts";
import type { Call, CallEvents } from "../call/call.ts";
import type { Session } from "../call/session.ts";
import type { Devices } from "../media/devices.ts";
import type { Api } from "./api.ts";
import type { Loaded, Loader } from "./script_loader.ts";
import type { Store } from "./store.ts";
import type { Telemetry } from "./telemetry.ts";

/** The events of a call that decide what comes next. */
export type FlowEvents = Pick<
  CallEvents,
  "started" | "reconnecting" | "held" | "resumed" | "stopped" | "fault"
>;

/** What one call is started with. */
export interface CallStart {
  readonly session: Session;
  readonly events: FlowEvents;
  readonly promptPatienceMs: number;
}

/** Makes calls; it arrives with the in-call bundle. */
export interface Caller {
  /** Makes a session; nothing is connected. */
  open(place: JoinInfo): Session;
  start(start: CallStart): Call;
}

/** What a visit needs. `File` is what the in-call bundle hands over. */
export interface VisitDependencies<File> {
  readonly data: VisitPageData;
  readonly store: Store;
  readonly api: Api;
  readonly loader: Loader<File>;
  /** Both files are there. */
  readonly arrived: (loaded: Loaded<File>) => Caller;
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
  /** Starts, or starts again, with these credentials or with fresh ones. */
  begin(join: JoinInfo | null): void;
  /** The person wants in: now, or as soon as the visit opens. */
  join(): void;
  /** The person leaves: the end of the visit on this page. */
  leave(): void;
  /** The network is back. */
  online(): void;
  /** The page goes away: releases everything and tells nobody. */
  abandon(): void;
}
