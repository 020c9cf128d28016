/** Does the work that the state machine asks for: admission, loading, session and call. */
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Call } from "../call/call.ts";
import type { Session } from "../call/session.ts";
import { errorName } from "../media/guard.ts";
import { waitForAdmission } from "./admission.ts";
import type { ApiFailure } from "./api.ts";
import type { Caller, FlowEvents, VisitDependencies } from "./dependencies.ts";
import type { VisitEvent, Work } from "./state_machine.ts";

const PROMPT_TIMEOUT_MS = 6_000;
const RETRY_SECONDS = 5;

type Dispatch = (event: VisitEvent, refusal?: ApiFailure) => void;

interface Dependencies extends VisitDependencies {
  /** Sends an event to the state machine. */
  readonly dispatch: Dispatch;
  /** Whether the current session has been connected. */
  readonly started: () => boolean;
}

/** Runs the work of a visit, and holds its session and call. */
export interface CallRunner {
  readonly call: Call | null;
  /** The credentials of the last admission. */
  readonly place: JoinInfo | null;
  run(work: Work): void;
  /** Starts over with these credentials; results of earlier work are ignored. */
  reset(place: JoinInfo | null): void;
  /** Ends everything immediately; results of earlier work are ignored. */
  drop(): void;
}

/** Loads the files; returns null if they are no longer needed. */
async function load(
  { dispatch, loader, sleep, store }: Dependencies,
  wanted: () => boolean,
): Promise<Caller | null> {
  for (let pause = RETRY_SECONDS;; pause = Math.min(60, 2 * pause)) {
    const loaded = await loader.attempt();
    if (!wanted()) return null;
    if (loaded.ok) return loaded.loaded;
    dispatch({ is: "sdk-failed", code: loaded.failure });
    if (store.now.phase !== "lobby") break;
    // In the lobby there is time to retry, at growing intervals, because a broken file uses as much
    // data as a good one.
    await sleep(pause);
    if (!wanted() || store.now.phase !== "lobby") return null;
  }
  // The files may still arrive late, in which case the person does not have to tap Retry.
  const late = await loader.arrived;
  return wanted() ? late : null;
}

/** Not divided into smaller functions, because that adds bytes to the document. */
export function createCallRunner(dependencies: Dependencies): CallRunner {
  const { api, dispatch, loader, sleep, store, telemetry } = dependencies;
  let call: Call | null = null;
  let place: JoinInfo | null = null;
  let caller: Caller | null = null;
  // Created and warmed up once the files are loaded; null once the call uses it.
  let session: Session | null = null;
  // Results of work from an older generation are ignored.
  let generation = 0;

  /** Closes the warmed-up session when its credentials are no longer needed. */
  function closeWarmedSession(): void {
    session?.close().catch(() => undefined);
    session = null;
  }
  function drop(): void {
    generation++;
    closeWarmedSession();
    if (call === null) dependencies.devices.close();
    call?.leave(true);
    call = null;
  }
  /** Runs asynchronous work. `wanted` returns whether its result is still needed. */
  function start(work: (wanted: () => boolean) => Promise<void>): void {
    const mine = generation;
    work(() => mine === generation).catch((error) => {
      if (mine === generation) {
        dispatch({ is: "stopped", name: errorName(error), meaning: "failed" });
      }
    });
  }
  function events(): FlowEvents {
    const mine = generation;
    const on = (event: VisitEvent) => () => {
      if (mine === generation) dispatch(event);
    };
    return {
      started: on({ is: "started" }),
      reconnecting: on({ is: "reconnecting" }),
      held: on({ is: "hold" }),
      resumed: on({ is: "resumed" }),
      stopped(name, meaning) {
        telemetry.note("stopped", { status: name, started: dependencies.started() });
        if (mine === generation) call = null;
        on({ is: "stopped", name, meaning })();
      },
      fault: (name) => telemetry.note("fault", { name }),
    };
  }

  const waitingEvents = {
    waiting: () => dispatch({ is: "waiting" }),
    unreachable: () => dispatch({ is: "unreachable" }),
  };
  const handlers: Readonly<Record<Work, () => void>> = {
    ask() {
      closeWarmedSession();
      start(async (wanted) => {
        const wait = { api, events: waitingEvents, sleep, wanted };
        const admission = await waitForAdmission(wait, store.now.phase === "waiting");
        if (admission === null || !wanted()) return;
        if (!admission.ok) {
          return dispatch({ is: "refused", problem: admission.problem }, admission);
        }
        place = admission.join;
        dispatch({ is: "admitted" });
      });
    },
    load: () =>
      start(async (wanted) => {
        const loaded = await load(dependencies, wanted);
        if (loaded === null) return;
        if (caller === null) telemetry.note("sdk", loader.effort);
        caller = loaded;
        if (place !== null && session === null && call === null) {
          session = caller.open(place);
          session.warm();
          // Creating the UI keeps the page busy: the SDK sends its request first.
          await sleep(0);
          if (!wanted()) return;
        }
        dispatch({ is: "sdk" });
      }),
    connect() {
      if (caller === null || place === null) return;
      const used = session ?? caller.open(place);
      session = null;
      call = caller.start({
        session: used,
        events: events(),
        promptTimeoutMs: PROMPT_TIMEOUT_MS,
      });
    },
    leave: () => call?.leave(),
    drop,
  };

  return {
    get call() {
      return call;
    },
    get place() {
      return place;
    },
    run: (work) => handlers[work](),
    reset(next) {
      generation++;
      closeWarmedSession();
      place = next;
    },
    drop,
  };
}
