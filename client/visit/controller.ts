/** Drives one visit: does what the state machine says, and tells it what comes of it. */
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { ApiFailure } from "./api.ts";
import type { Call } from "../call/call.ts";
import type { CallPart, FlowEvents } from "../ui/in_call.ts";
import { errorName } from "../media/guard.ts";
import {
  DEADLINES,
  firstState,
  type State,
  type Step,
  step,
  type VisitEvent,
} from "./state_machine.ts";
import type { Loaded } from "./script_loader.ts";
import { allTexts } from "./page_data.ts";
import type { Session } from "../call/session.ts";
import type { CardWords, Phase } from "../ui/view.ts";
import type { Visit, VisitPorts } from "./dependencies.ts";
import { waitForAdmission } from "./admission.ts";

const PROMPT_PATIENCE_MS = 6_000;
const RETRY_SECONDS = 5;

/** `in-call` is said by the text `inCall`. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Tail>}`
  : Name;

/** Every phase has a text of its name. */
export const statusKey = (phase: Phase) =>
  phase.replace(/-./, (part) => part.slice(1).toUpperCase()) as Camel<Phase>;

/** Prepares a visit; nothing happens before `begin`. */
export function createVisit(ports: VisitPorts): Visit {
  const { data, api, loader, host, telemetry, view } = ports;
  const texts = allTexts(data);
  let state: State = firstState(data.state === "waiting", data.lobby);
  let call: Call | null = null;
  let place: JoinInfo | null = null;
  let part: CallPart | null = null;
  // Made and warmed in the lobby, then the call's.
  let session: Session | null = null;
  // Whoever begins anew or leaves takes the turn; answers to an older turn are dropped.
  let turn = 0;
  let deadline: ReturnType<typeof setTimeout> | undefined;

  /** What the server said about a refusal is better than what the page could say. */
  function words({ screen }: Step, refusal?: ApiFailure): CardWords | null {
    if (screen === null) return null;
    const [title, text, label] = screen;
    const action = label && { label: texts[label], run: retry };
    return {
      title: refusal?.title ?? texts[title],
      text: refusal?.nextStep ?? texts[text],
      ...(action ? { action } : {}),
    };
  }

  function retry(): void {
    begin(state.awaits === "sdk" ? place : null);
  }

  function show(next: Step, refusal?: ApiFailure, status?: string): void {
    const card = words(next, refusal);
    const { stage } = next.state;
    view.phase(stage, status ?? card?.title ?? texts[statusKey(stage)]);
    view.card(card);
    ports.phaseChanged(stage, next.state.ready);
  }

  function tell({ error, ended, ready }: Step): void {
    if (ready) host.send("ready", ready);
    if (ended) {
      host.send("ended", ended);
      telemetry.note("ended", { reason: ended });
    }
    if (error) {
      host.send("error", error);
      telemetry.note("error", { code: error });
    }
    if (ended || error) telemetry.flush();
  }

  function happen(event: VisitEvent, refusal?: ApiFailure): void {
    const before = state;
    const next = step(state, event);
    state = next.state;
    if (state.stage !== before.stage || event.is === "begin") {
      clearTimeout(deadline);
      const seconds = DEADLINES[state.stage];
      if (seconds) deadline = setTimeout(() => happen({ is: "deadline" }), seconds * 1000);
    }
    if (state !== before) {
      show(next, refusal, event.is === "unreachable" ? texts.reconnecting : undefined);
    }
    if (state.stage !== before.stage) {
      host.send("state", state.stage);
      telemetry.note("state", { phase: state.stage });
    }
    tell(next);
    next.work.forEach((work) => WORK[work]());
  }

  /** Does something that takes time; its outcome counts only while nobody took the turn. */
  function during(work: (mine: () => boolean) => Promise<void>): void {
    const mine = turn;
    work(() => mine === turn).catch((error) => {
      if (mine === turn) happen({ is: "stopped", name: errorName(error), meaning: "failed" });
    });
  }

  const WORK: Readonly<Record<Step["work"][number], () => void>> = {
    ask() {
      cool();
      during(async (wanted) => {
        const events = {
          waiting: () => happen({ is: "waiting" }),
          unreachable: () => happen({ is: "unreachable" }),
        };
        const wait = { api, events, sleep: ports.sleep, wanted };
        const admission = await waitForAdmission(wait, state.stage === "waiting");
        if (admission === null || !wanted()) return;
        if (!admission.ok) return happen({ is: "refused", problem: admission.problem }, admission);
        place = admission.join;
        happen({ is: "admitted" });
      });
    },
    load: () =>
      during(async (wanted) => {
        for (let pause = RETRY_SECONDS;; pause = Math.min(60, 2 * pause)) {
          const loaded = await loader.attempt();
          if (!wanted()) return;
          if (loaded.ok) return arrived(loaded.loaded);
          happen({ is: "sdk-failed", code: loaded.failure });
          if (state.stage !== "lobby") break;
          // Nobody needs it yet: there is time to try again unasked, ever more seldom, for a broken
          // file costs as much data as a whole one.
          await ports.sleep(pause);
          if (!wanted() || state.stage !== "lobby") return;
        }
        // A slow network may still bring the files: then nobody has to tap.
        const late = await loader.arrived;
        if (wanted()) arrived(late);
      }),
    warm() {
      if (part === null || place === null || session !== null) return;
      session = part.open(place);
      session.warm();
    },
    connect() {
      if (part === null || place === null) return;
      const used = session ?? part.open(place);
      session = null;
      call = part.start({
        session: used,
        events: callEvents(),
        promptPatienceMs: PROMPT_PATIENCE_MS,
      });
    },
    leave: () => call?.leave(),
    drop: () => {
      turn++;
      letGo();
    },
  };

  /** Ends a connection that was warmed for credentials that are of no use any more. */
  function cool(): void {
    session?.close().catch(() => undefined);
    session = null;
  }

  /** Of everything that is open: a session on its way or held, and the devices. */
  function letGo(): void {
    cool();
    if (call === null) ports.devices.close();
    call?.leave(true);
    call = null;
  }

  function arrived(loaded: Loaded): void {
    if (part === null) {
      telemetry.note("sdk", loader.effort);
      part = ports.arrived(loaded);
    }
    happen({ is: "sdk" });
  }

  function callEvents(): FlowEvents {
    const mine = turn;
    const wanted = (event: VisitEvent) => {
      if (mine === turn) happen(event);
    };
    return {
      started: () => wanted({ is: "started" }),
      reconnecting: () => wanted({ is: "reconnecting" }),
      held: () => wanted({ is: "hold" }),
      resumed: () => wanted({ is: "resumed" }),
      stopped(name, meaning) {
        telemetry.note("stopped", { status: name, started: state.started });
        if (mine === turn) call = null;
        wanted({ is: "stopped", name, meaning });
      },
      fault: (name) => telemetry.note("fault", { name }),
    };
  }

  function begin(join: JoinInfo | null): void {
    turn++;
    cool();
    place = join;
    happen(ports.supported ? { is: "begin", place: join !== null } : { is: "unsupported" });
  }

  return {
    get call() {
      return call;
    },
    get phase() {
      return state.stage;
    },
    begin,
    join: () => happen({ is: "join" }),
    leave: () => happen({ is: "leave" }),
    online: () => happen({ is: "online" }),
    abandon() {
      turn++;
      clearTimeout(deadline);
      letGo();
    },
  };
}
