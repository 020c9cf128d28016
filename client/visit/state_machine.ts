/**
 * The way of one visit as a state machine: events in; the next state, what to do, what the host
 * hears and which screen shows, out. Pure: `controller.ts` does what it says.
 */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { PageError, PageEvents, PageState } from "../bridge/chime-page.d.ts";
import { HOLDING } from "./phases.ts";
import type { StopMeaning } from "../call/stop_reason.ts";

/** Where the page is; also the host event `state` and `<body data-phase>`. */
export type Stage = PageState;

/** All that decides what comes next. */
export interface State {
  readonly stage: Stage;
  /** The person said Join, or the visit has no lobby. */
  readonly ready: boolean;
  /** Fresh credentials were asked for by the page itself since the last call. */
  readonly refreshed: boolean;
  /** This session has been connected. */
  readonly started: boolean;
  /** The system has the sound, whatever the network does meanwhile. */
  readonly held: boolean;
  /** What would mend a failure without a tap: the SDK's late arrival, or the network's return. */
  readonly awaits: "sdk" | "network" | null;
}

/** What happens to a visit. */
export type VisitEvent =
  /** Begins or begins again; `place`: credentials are at hand. */
  | { readonly is: "begin"; readonly place: boolean }
  | { readonly is: "waiting" | "unreachable" | "admitted" | "join" | "unsupported" }
  | { readonly is: "refused"; readonly problem: string }
  | { readonly is: "sdk" | "started" | "reconnecting" | "hold" | "resumed" }
  | { readonly is: "sdk-failed"; readonly code: "SDK_LOAD_FAILED" | "SDK_TIMEOUT" }
  /** The session is over; `name` is the SDK's status name, or one of ours. */
  | { readonly is: "stopped"; readonly name: string; readonly meaning: StopMeaning }
  | { readonly is: "leave" | "deadline" | "online" };

/**
 * What the page does next: `ask` the server for a place, `load` the SDK, `warm` the signalling,
 * `connect`; `leave` the running call, whose stop is heard later; `drop` everything at once.
 */
export type Work = "ask" | "load" | "warm" | "connect" | "leave" | "drop";

/** Title, text and, where there is something to do, the button. */
export type Screen = readonly [ClientTextKey, ClientTextKey, ClientTextKey?];

/** What one event comes to. */
export interface Step {
  readonly state: State;
  readonly work: readonly Work[];
  /** Shown until the next step; null: what the server rendered, or the stage. */
  readonly screen: Screen | null;
  readonly ready?: PageEvents["ready"];
  readonly ended?: PageEvents["ended"];
  readonly error?: PageError;
}

/**
 * How long a stage may last, in seconds; without one a person or the server decides, who has a
 * button or is asked in a rhythm of its own. The SDK gives itself 15 s to connect and 120 s to
 * come back (`MeetingSessionConfiguration`): ours are longer, so that its own reason is heard.
 */
export const DEADLINES: { readonly [stage in Stage]?: number } = {
  loading: 75,
  connecting: 45,
  reconnecting: 150,
};

const FAILED: Screen = ["failed", "failedHelp", "retry"];
const ENDED: Screen = ["ended", "endedHelp", "rejoin"];
const REMOVED: Screen = ["removed", "removedHelp"];
const ELSEWHERE: Screen = ["joinedElsewhere", "joinedElsewhereHelp", "continueHere"];
// The server's word that there is nothing to come back to.
const OVER = ["visit-over", "visit-cancelled", "video-disabled"];
/** Stages with a session behind them. */
const CALLING: readonly Stage[] = ["connecting", ...HOLDING];

/** @param lobby whether the person is asked before they join */
export function firstState(waiting: boolean, lobby: boolean): State {
  return {
    stage: waiting ? "waiting" : "loading",
    ready: !lobby,
    refreshed: false,
    started: false,
    held: false,
    awaits: null,
  };
}

/** The next step. An event that does not fit the stage changes nothing. */
export function step(state: State, event: VisitEvent): Step {
  const { stage, ready, started } = state;
  const stay: Step = { state, work: [], screen: null };
  const to = (
    next: Stage,
    work: readonly Work[] = [],
    change: Partial<State> = {},
    screen: Screen | null = null,
  ): Step => ({ state: { ...state, stage: next, awaits: null, ...change }, work, screen });
  const fail = (error: PageError, screen: Screen = FAILED, change: Partial<State> = {}): Step => ({
    ...to("failed", [], { awaits: "network", ...change }, screen),
    error,
  });
  const broke = (name: string, screen?: Screen): Step =>
    fail(`${started ? "CALL_FAILED" : "INIT_FAILED"}: ${name}`, screen);
  const end = (next: "left" | "ended", work: readonly Work[], screen: Screen): Step => ({
    ...to(next, work, { ready: true }, screen),
    ended: next === "left" ? "USER_LEFT" : "MEETING_STOPPED",
  });
  const leave = (work: readonly Work[]) => end("left", work, ["left", "leftHelp", "rejoin"]);

  const stopped = (name: string, meaning: StopMeaning): Step => {
    switch (meaning) {
      case "left":
        return leave([]);
      case "ended":
        return end("ended", [], ENDED);
      case "removed":
        return end("ended", [], REMOVED);
      case "elsewhere":
        return to("joined-elsewhere", [], {}, ELSEWHERE);
      case "full":
        return broke(name, ["full", "fullHelp", "retry"]);
      case "stale":
        // An old document, or a meeting that ended between its rendering and now: once, by itself.
        if (!started && !state.refreshed) return to("loading", ["ask"], { refreshed: true });
        return broke(name);
      case "failed":
        return broke(name);
    }
  };

  switch (event.is) {
    case "begin":
      if (event.place) return to(ready ? "loading" : "lobby", ["load"], { started: false });
      return to(stage === "waiting" ? stage : "loading", ["ask"], { started: false });
    case "unsupported":
      return fail("INIT_FAILED: Unsupported", ["unsupported", "unsupportedHelp"], { awaits: null });
    case "waiting":
    case "unreachable":
      return to("waiting");
    case "admitted":
      return to(ready ? "loading" : "lobby", ["load"]);
    case "refused":
      return OVER.includes(event.problem)
        ? end("ended", ["drop"], ["ended", "endedHelp"])
        : { ...fail(`INIT_FAILED: ${event.problem}`), work: ["drop"] };
    case "join":
      if (stage === "lobby") return to("loading", ["load"], { ready: true });
      return stage === "waiting" ? to(stage, [], { ready: true }) : stay;
    case "sdk":
      if (stage === "lobby") return to(stage, ["warm"]);
      return stage === "loading" || state.awaits === "sdk"
        ? to("connecting", ["connect"], { started: false, held: false })
        : stay;
    case "sdk-failed": {
      // In the lobby nothing is lost yet: Join asks again, and says so if it still fails.
      if (stage !== "loading") return stay;
      const title = event.code === "SDK_TIMEOUT" ? "sdkTimeout" : "sdkFailed";
      return fail(event.code, [title, "failedHelp", "retry"], { awaits: "sdk" });
    }
    case "started": {
      if (!CALLING.includes(stage)) return stay;
      const running = state.held ? "on-hold" : "in-call";
      const next = to(running, [], { started: true, refreshed: false });
      return started ? next : { ...next, ready: "MEETING_INITIALIZED" };
    }
    case "reconnecting":
      return CALLING.includes(stage) ? to(stage === "connecting" ? stage : "reconnecting") : stay;
    case "hold":
      if (state.held || !CALLING.includes(stage)) return stay;
      return to(stage === "in-call" ? "on-hold" : stage, [], { held: true });
    case "resumed":
      if (!state.held) return stay;
      return to(stage === "on-hold" ? "in-call" : stage, [], { held: false });
    case "stopped":
      return stopped(event.name, event.meaning);
    case "leave":
      if (stage === "left" || stage === "ended") return stay;
      return CALLING.includes(stage) ? { ...stay, work: ["leave"] } : leave(["drop"]);
    case "deadline":
      if (DEADLINES[stage] === undefined) return stay;
      return {
        ...broke({ loading: "Timeout", connecting: "JoinTimeout" }[stage as string] ?? "Reconnect"),
        work: ["drop"],
      };
    case "online":
      return stage === "failed" && state.awaits === "network" ? to("loading", ["ask"]) : stay;
  }
}
