/**
 * State machine of a visit. Takes an event; returns the next state, the work to do, the host events
 * to send and the screen to show. Pure: `controller.ts` carries out the steps.
 */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { PageError, PageEvents, PageState } from "../bridge/chime-page.d.ts";
import { IN_CALL } from "./phases.ts";
import type { StopMeaning } from "../call/stop_reason.ts";

/** State of the page, also sent as the host event `state` and set as `<body data-phase>`. */
export type Stage = PageState;

/** Everything that determines the next step. */
export interface State {
  readonly stage: Stage;
  /** The person tapped Join, or the visit has no lobby. */
  readonly ready: boolean;
  /** Whether the page has requested new credentials on its own since the last call. */
  readonly refreshed: boolean;
  /** Whether this session has been connected. */
  readonly started: boolean;
  /** Whether the microphone is interrupted by the system, also while reconnecting. */
  readonly held: boolean;
  /** What recovers from a failure without a tap: the late SDK file, or the network coming back. */
  readonly awaits: "sdk" | "network" | null;
}

export type VisitEvent =
  /** Starts or starts over; `place` is whether there are credentials. */
  | { readonly is: "begin"; readonly place: boolean }
  | { readonly is: "waiting" | "unreachable" | "admitted" | "join" | "unsupported" }
  | { readonly is: "refused"; readonly problem: string }
  | { readonly is: "sdk" | "started" | "reconnecting" | "hold" | "resumed" }
  | { readonly is: "sdk-failed"; readonly code: "SDK_LOAD_FAILED" | "SDK_TIMEOUT" }
  /** The session is over; `name` is an SDK status or an error name. */
  | { readonly is: "stopped"; readonly name: string; readonly meaning: StopMeaning }
  | { readonly is: "leave" | "deadline" | "online" };

/**
 * What the page does next: `ask` the server for credentials, `load` the SDK and the bundles and open
 * the signaling connection, `connect`, `leave` the call (`stopped` follows later), or `drop` everything
 * immediately.
 */
export type Work = "ask" | "load" | "connect" | "leave" | "drop";

/** Text keys of the title, the text and, optionally, the button. */
export type Screen = readonly [ClientTextKey, ClientTextKey, ClientTextKey?];

/** Result of an event. */
export interface Step {
  readonly state: State;
  readonly work: readonly Work[];
  /** Shown until the next step; null shows the first card or, in a call, the stage. */
  readonly screen: Screen | null;
  readonly ready?: PageEvents["ready"];
  readonly ended?: PageEvents["ended"];
  readonly error?: PageError;
}

/**
 * Maximum duration of a stage in seconds. Stages without one wait for the person or poll the
 * server. The SDK allows 15 s to connect and 120 s to reconnect (`MeetingSessionConfiguration`).
 * These are longer, so that the SDK can report its own reason first.
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
// Problems that mean there is no visit to rejoin.
const OVER_PROBLEMS = ["visit-over", "visit-cancelled", "video-disabled"];
/** Stages with a session. */
const SESSION_STAGES: readonly Stage[] = ["connecting", ...IN_CALL];

/** @param lobby whether the person joins from a lobby */
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

/**
 * Returns the next step. An event that does not apply to the stage changes nothing. Kept as one
 * switch, so that all transitions are in one place.
 */
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
  const failCall = (name: string, screen?: Screen): Step =>
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
        return failCall(name, ["full", "fullHelp", "retry"]);
      case "stale":
        // An old document, or a meeting that ended since it was rendered: retry once automatically.
        if (!started && !state.refreshed) return to("loading", ["ask"], { refreshed: true });
        return failCall(name);
      case "failed":
        return failCall(name);
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
      if (event.problem === "ended") return end("ended", ["drop"], ENDED);
      return OVER_PROBLEMS.includes(event.problem)
        ? end("ended", ["drop"], ["ended", "endedHelp"])
        : { ...fail(`INIT_FAILED: ${event.problem}`), work: ["drop"] };
    case "join":
      if (stage === "lobby") return to("loading", ["load"], { ready: true });
      return stage === "waiting" ? to(stage, [], { ready: true }) : stay;
    case "sdk":
      return stage === "loading" || state.awaits === "sdk"
        ? to("connecting", ["connect"], { started: false, held: false })
        : stay;
    case "sdk-failed": {
      // In the lobby, Join loads it again and reports a failure then.
      if (stage !== "loading") return stay;
      const title = event.code === "SDK_TIMEOUT" ? "sdkTimeout" : "sdkFailed";
      return fail(event.code, [title, "failedHelp", "retry"], { awaits: "sdk" });
    }
    case "started": {
      if (!SESSION_STAGES.includes(stage)) return stay;
      const running = state.held ? "on-hold" : "in-call";
      const next = to(running, [], { started: true, refreshed: false });
      return started ? next : { ...next, ready: "MEETING_INITIALIZED" };
    }
    case "reconnecting":
      return SESSION_STAGES.includes(stage)
        ? to(stage === "connecting" ? stage : "reconnecting")
        : stay;
    case "hold":
      if (state.held || !SESSION_STAGES.includes(stage)) return stay;
      return to(stage === "in-call" ? "on-hold" : stage, [], { held: true });
    case "resumed":
      if (!state.held) return stay;
      return to(stage === "on-hold" ? "in-call" : stage, [], { held: false });
    case "stopped":
      return stopped(event.name, event.meaning);
    case "leave":
      if (stage === "left" || stage === "ended") return stay;
      return SESSION_STAGES.includes(stage) ? { ...stay, work: ["leave"] } : leave(["drop"]);
    case "deadline":
      if (DEADLINES[stage] === undefined) return stay;
      return {
        ...failCall(
          { loading: "Timeout", connecting: "JoinTimeout" }[stage as string] ?? "Reconnect",
        ),
        work: ["drop"],
      };
    case "online":
      return stage === "failed" && state.awaits === "network" ? to("loading", ["ask"]) : stay;
  }
}
