/**
 * The way of one visit through the page: loading, waiting, connecting, in the call, and each way it
 * can stop. Failure is not the end: only leaving, the meeting's end and removal are.
 */
import type {
  ClientTexts,
  JoinInfo,
  VisitPageData,
} from "../supabase/functions/chime-page/page/data.ts";
import type { Api, ApiFailure } from "./api.ts";
import { type Call, type CallEvents, startCall } from "./call.ts";
import type { Host } from "./host.ts";
import type { Sdk } from "./sdk.ts";
import type { SdkFailure, SdkLoader } from "./sdk_loader.ts";
import type { StopMeaning } from "./status_codes.ts";
import type { Telemetry } from "./telemetry.ts";
import type { CardWords, Phase, View } from "./view.ts";
import { waitForAdmission } from "./waiting.ts";

/** What a visit is made of. */
export interface VisitPorts {
  readonly data: VisitPageData;
  readonly api: Api;
  readonly loader: SdkLoader;
  readonly host: Host;
  readonly telemetry: Telemetry;
  readonly view: View;
  readonly audio: HTMLAudioElement;
  /** Parts of the call's events the flow does not care about. */
  readonly callEvents: Pick<
    CallEvents,
    "microphone" | "camera" | "roster" | "tileUpdated" | "tileRemoved"
  >;
  /** Controls, stage and sound follow the phase. */
  readonly phaseChanged: (phase: Phase) => void;
  readonly supported: boolean;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** A running visit. */
export interface Visit {
  readonly call: Call | null;
  readonly phase: Phase;
  /** Starts, or starts again, with these credentials or with fresh ones. */
  begin(join: JoinInfo | null): void;
  /** The person leaves: the end of the visit on this page. */
  leave(): void;
  /** The page goes away: lets go of everything, says nothing to anybody. */
  abandon(): void;
}

const PROMPT_PATIENCE_MS = 6_000;
const JOIN_TIMEOUT_MS = 30_000;
// The server's word that there is nothing to come back to.
const OVER = new Set(["visit-over", "visit-cancelled", "video-disabled"]);

const STATUS: Readonly<Record<Exclude<Phase, "failed">, keyof ClientTexts>> = {
  "loading": "loading",
  "waiting": "waiting",
  "connecting": "connecting",
  "in-call": "inCall",
  "reconnecting": "reconnecting",
  "left": "left",
  "ended": "ended",
  "joined-elsewhere": "joinedElsewhere",
};

/** Prepares a visit; nothing happens before `begin`. */
export function createVisit(ports: VisitPorts): Visit {
  const { data, api, loader, host, telemetry, view } = ports;
  const { texts } = data;
  let phase: Phase = data.state === "waiting" ? "waiting" : "loading";
  let call: Call | null = null;
  // Whoever starts anew or leaves takes the turn; answers to an older turn are dropped.
  let turn = 0;
  let refreshed = false;
  let endSaid = false;

  function enter(next: Phase, words: CardWords | null = null, status?: string): void {
    const changed = next !== phase;
    phase = next;
    view.phase(next, status ?? (next === "failed" ? texts.failed : texts[STATUS[next]]));
    view.card(words);
    ports.phaseChanged(next);
    if (!changed) return;
    host.send("state", next);
    telemetry.note("state", { phase: next });
  }
  function failed(words: CardWords, error: string): void {
    enter("failed", words, words.title);
    host.send("error", error);
    telemetry.note("error", { code: error });
    telemetry.flush();
  }
  function end(next: "left" | "ended", words: CardWords, reason: string): void {
    turn++;
    enter(next, words);
    if (!endSaid) host.send("ended", reason);
    endSaid = true;
    telemetry.note("ended", { reason });
    telemetry.flush();
  }
  const again = (label: string) => ({ label, run: () => begin(null) });

  function sdkFailed(failure: SdkFailure, join: JoinInfo, mine: number): void {
    const retry = () => {
      loader.retry();
      begin(join);
    };
    const title = failure === "SDK_TIMEOUT" ? texts.sdkTimeout : texts.sdkFailed;
    failed({ title, text: texts.sdkHelp, action: { label: texts.retry, run: retry } }, failure);
    // A slow network may still bring the file: then nobody has to tap.
    loader.arrived.then(() => {
      if (mine === turn) begin(join);
    });
  }
  function refused(failure: ApiFailure): void {
    const title = failure.title ?? texts.failed;
    if (OVER.has(failure.problem)) {
      return end("ended", { title, text: failure.nextStep ?? texts.endedHelp }, "MEETING_STOPPED");
    }
    const text = failure.nextStep ?? texts.failedHelp;
    failed({ title, text, action: again(texts.retry) }, `INIT_FAILED: ${failure.problem}`);
  }
  function left(): void {
    const words = { title: texts.left, text: texts.leftHelp, action: again(texts.rejoin) };
    end("left", words, "USER_LEFT");
  }

  function stopped(meaning: StopMeaning, name: string, started: boolean): void {
    telemetry.note("stopped", { status: name, started });
    call = null;
    const code = `${started ? "CALL_FAILED" : "INIT_FAILED"}: ${name}`;
    switch (meaning) {
      case "left":
        return left();
      case "ended":
        return end(
          "ended",
          { title: texts.ended, text: texts.endedHelp, action: again(texts.rejoin) },
          "MEETING_STOPPED",
        );
      case "elsewhere":
        return enter("joined-elsewhere", {
          title: texts.joinedElsewhere,
          text: texts.joinedElsewhereHelp,
          action: again(texts.continueHere),
        });
      case "full":
        return failed(
          { title: texts.full, text: texts.fullHelp, action: again(texts.retry) },
          code,
        );
      case "stale":
        // An old document, or a meeting that ended between its rendering and now: once, by itself.
        if (!started && !refreshed) {
          refreshed = true;
          return begin(null);
        }
        break;
      case "failed":
        break;
    }
    failed({ title: texts.failed, text: texts.failedHelp, action: again(texts.retry) }, code);
  }

  function connect(sdk: Sdk, join: JoinInfo): void {
    enter("connecting");
    let started = false;
    const events: CallEvents = {
      ...ports.callEvents,
      started(first) {
        started = true;
        refreshed = false;
        enter("in-call");
        if (!first) return;
        endSaid = false;
        host.send("ready", "MEETING_INITIALIZED");
      },
      reconnecting: () => enter("reconnecting"),
      stopped: (meaning, name) => stopped(meaning, name, started),
      fault: (name) => telemetry.note("fault", { name }),
    };
    call = startCall(sdk, join, {
      audio: ports.audio,
      events,
      promptPatienceMs: PROMPT_PATIENCE_MS,
      joinTimeoutMs: JOIN_TIMEOUT_MS,
    });
  }

  async function run(join: JoinInfo | null, mine: number): Promise<void> {
    const wanted = () => mine === turn;
    if (!ports.supported) {
      const words = { title: texts.unsupported, text: texts.unsupportedHelp };
      return failed(words, "INIT_FAILED: Unsupported");
    }
    let place = join;
    if (place === null) {
      const events = {
        waiting: () => enter("waiting"),
        unreachable: () => enter("waiting", null, texts.reconnecting),
      };
      const wait = { api, events, sleep: ports.sleep, wanted };
      const admission = await waitForAdmission(wait, phase === "waiting");
      if (admission === null || !wanted()) return;
      if (!admission.ok) return refused(admission);
      place = admission.join;
    }
    if (phase === "waiting") enter("loading");
    const loaded = await loader.attempt();
    if (!wanted()) return;
    if (!loaded.ok) return sdkFailed(loaded.failure, place, mine);
    connect(loaded.sdk, place);
  }

  function begin(join: JoinInfo | null): void {
    const mine = ++turn;
    if (phase !== "waiting" && phase !== "loading") enter("loading");
    run(join, mine).catch((error: unknown) => {
      const name = error instanceof Error ? error.name : "Unknown";
      if (mine === turn) stopped("failed", name, false);
    });
  }

  return {
    get call() {
      return call;
    },
    get phase() {
      return phase;
    },
    begin,
    leave() {
      if (phase === "left" || phase === "ended") return;
      if (call === null) return left();
      call.leave();
    },
    abandon() {
      turn++;
      call?.leave();
    },
  };
}
