/** What drives a visit, and what it is driven with. */
import type {
  JoinInfo,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Api } from "./api.ts";
import type { Call } from "../call/call.ts";
import type { CallPart } from "../ui/in_call.ts";
import type { Devices } from "../media/devices.ts";
import type { Host } from "../bridge/events.ts";
import type { Loaded, Loader } from "./script_loader.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Phase, View } from "../ui/view.ts";

/** What a visit is made of. */
export interface VisitPorts {
  readonly data: VisitPageData;
  readonly api: Api;
  readonly loader: Loader;
  /** Both files are there: makes the part of the page that holds the call. */
  readonly arrived: (loaded: Loaded) => CallPart;
  readonly host: Host;
  readonly telemetry: Telemetry;
  readonly view: View;
  readonly devices: Devices;
  /** Controls, stage and sound follow the phase. */
  readonly phaseChanged: (phase: Phase, ready: boolean) => void;
  readonly supported: boolean;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** A running visit. */
export interface Visit {
  readonly call: Call | null;
  readonly phase: Phase;
  /** Starts, or starts again, with these credentials or with fresh ones. */
  begin(join: JoinInfo | null): void;
  /** The person said that they want in: now, or as soon as the visit opens. */
  join(): void;
  /** The person leaves: the end of the visit on this page. */
  leave(): void;
  /** The network is back. */
  online(): void;
  /** The page goes away: lets go of everything, says nothing to anybody. */
  abandon(): void;
}
