/** The one state of the page, as plain data. Actions change it; what the person sees follows it. */
import type { DeviceState } from "../bridge/chime-page.d.ts";
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import type {
  ClientTextKey,
  Language,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Text } from "../i18n/texts.ts";
import type { Stage, State } from "./state_machine.ts";

/** Where the page is. */
export type Phase = Stage;

/** A button on the card. */
export interface CardAction {
  readonly label: ClientTextKey;
  readonly run: () => void;
}

/** The text of the card. */
export interface Card {
  readonly title: Text;
  readonly text?: Text;
  readonly action?: CardAction;
}

/** A device in the running call. */
export interface DeviceStatus {
  readonly state: DeviceState;
  readonly trouble?: DeviceError | undefined;
}

/** The network of the running call. */
export interface NetworkStatus {
  /** Name of the rung of the quality ladder. */
  readonly rung: string;
  /** Whether this side's network is poor. */
  readonly poor: boolean;
  /** ExternalUserIds of the others whose network is poor. */
  readonly others: readonly string[];
}

/** Everything that more than one part of the page has to know. */
export interface VisitState {
  readonly phase: Phase;
  /** The person tapped Join, or the visit has no lobby. */
  readonly ready: boolean;
  readonly language: Language;
  /** What the status line and the card say; `card` is null for what the visit begins with. */
  readonly screen: { readonly status: Text; readonly card: Card | null };
  /** How many others are in the call. */
  readonly people: number;
  /** The other person has this visit open and waits. */
  readonly otherWaits: boolean;
  /** Of the running call, as the next two. */
  readonly microphone?: DeviceStatus | undefined;
  readonly camera?: DeviceStatus | undefined;
  readonly network?: NetworkStatus;
}

/** Holds the state, and tells who follows it. */
export interface Store {
  readonly now: VisitState;
  set(change: Partial<VisitState>): void;
  /**
   * Calls `run` after each change of `key`, in the order in which they began to follow.
   * @param run gets the state before the change
   */
  follow(key: keyof VisitState, run: (before: VisitState) => void): void;
}

/** @param first where the visit begins */
export function createStore(
  { stage, ready }: Pick<State, "stage" | "ready">,
  language: Language,
): Store {
  const followers: ((before: VisitState) => void)[] = [];
  let now: VisitState = {
    phase: stage,
    ready,
    language,
    screen: { status: "loading", card: null },
    people: 0,
    otherWaits: false,
  };
  return {
    get now() {
      return now;
    },
    set(change) {
      const before = now;
      now = { ...now, ...change };
      followers.forEach((run) => run(before));
    },
    follow(key, run) {
      followers.push((before) => now[key] !== before[key] && run(before));
    },
  };
}
