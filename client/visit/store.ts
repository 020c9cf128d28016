/** The state of the page as plain data. The UI follows its changes. */
import type { DeviceState, PageState } from "../bridge/chime-page.d.ts";
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import type {
  Language,
  VisitStatus,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { Text } from "../i18n/texts.ts";
import type { Connections, CounterpartStatus } from "./counterpart_status.ts";
import type { DeviceKind } from "../media/permission.ts";
import type { State } from "./state_machine.ts";

/** A button on the card. */
export interface CardAction {
  readonly label: ClientTextKey;
  readonly run: () => void;
}

/** Texts and button of the card. */
export interface Card {
  readonly title: Text;
  readonly text?: Text;
  /** For `{name}` in the title; default: the counterpart's name. */
  readonly name?: string;
  readonly action?: CardAction;
}

/** A device in the current call. */
export interface DeviceStatus {
  readonly state: DeviceState;
  readonly trouble?: DeviceError | undefined;
}

/** The network of the current call. */
export interface NetworkStatus {
  /** Name of the rung of the quality ladder. */
  readonly rung: string;
  /** Whether this side's network is poor. */
  readonly poor: boolean;
  /** ExternalUserIds of the others whose network is poor. */
  readonly others: readonly string[];
}

/** State that several modules share. */
export interface VisitState {
  readonly phase: PageState;
  /** The person tapped Join, or the visit has no lobby. */
  readonly ready: boolean;
  readonly language: Language;
  /** Texts of the status line and the card; null shows the first card of the visit. */
  readonly screen: { readonly status: Text; readonly card: Card | null };
  /** Number of other people in the call. */
  readonly people: number;
  /** Whether the browser reports no connection. */
  readonly offline?: boolean;
  /** Query with which the page asks the server for the status, and says that the person is here. */
  readonly here?: string;
  /** Who is or was in the call. */
  readonly connections?: Connections;
  /** The latest status of the visit: who is here, and whether it is open. */
  readonly status?: VisitStatus | undefined;
  /** What is known about the person the visit is with. */
  readonly counterpart: CounterpartStatus;
  // Devices are undefined outside of calls.
  readonly microphone?: DeviceStatus | undefined;
  readonly camera?: DeviceStatus | undefined;
  readonly network?: NetworkStatus;
  /** The devices that the browser is asking the person for. */
  readonly asked?: readonly DeviceKind[];
}

export interface Store {
  readonly now: VisitState;
  set(change: Partial<VisitState>): void;
  /**
   * Calls `run` after each change of `key`. Followers are called in the order they were added.
   * @param run receives the state before the change
   */
  follow(key: keyof VisitState, run: (before: VisitState) => void): void;
}

/** @param first the first state of the visit */
export function createStore(
  { stage, ready }: Pick<State, "stage" | "ready">,
  language: Language,
): Store {
  const followers: ((before: VisitState, after: VisitState) => void)[] = [];
  let now: VisitState = {
    phase: stage,
    ready,
    language,
    screen: { status: "loading", card: null },
    people: 0,
    counterpart: null,
  };
  return {
    get now() {
      return now;
    },
    set(change) {
      const before = now;
      const after = now = { ...now, ...change };
      followers.forEach((run) => run(before, after));
    },
    follow(key, run) {
      // Not `now`: a follower may have set something else in the meantime, which is reported separately.
      followers.push((before, after) => after[key] !== before[key] && run(before));
    },
  };
}
