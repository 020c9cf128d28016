/** Does what the state machine asks for: admission, loading, the session and the call. */
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Call } from "../call/call.ts";
import type { Session } from "../call/session.ts";
import { errorName } from "../media/guard.ts";
import { waitForAdmission } from "./admission.ts";
import type { ApiFailure } from "./api.ts";
import type { Caller, FlowEvents, VisitDependencies } from "./dependencies.ts";
import type { Loaded } from "./script_loader.ts";
import type { VisitEvent, Work } from "./state_machine.ts";

const PROMPT_PATIENCE_MS = 6_000;
const RETRY_SECONDS = 5;

type Happen = (event: VisitEvent, refusal?: ApiFailure) => void;

/** What the work of a visit needs. */
interface Dependencies<File> extends VisitDependencies<File> {
  /** Takes what comes of it. */
  readonly happen: Happen;
  /** Whether the current session has been connected. */
  readonly started: () => boolean;
}

/** Everything of a visit that is open or under way. */
export interface CallRunner {
  readonly call: Call | null;
  /** The credentials of the last admission. */
  readonly place: JoinInfo | null;
  run(work: Work): void;
  /** Begins anew with these credentials; answers to anything older are dropped. */
  reset(place: JoinInfo | null): void;
  /** Ends everything at once; answers to anything older are dropped. */
  drop(): void;
}

/** Loads both files; answers null where nobody wants them any more. */
async function load<File>(
  { happen, loader, sleep, store }: Dependencies<File>,
  wanted: () => boolean,
): Promise<Loaded<File> | null> {
  for (let pause = RETRY_SECONDS;; pause = Math.min(60, 2 * pause)) {
    const loaded = await loader.attempt();
    if (!wanted()) return null;
    if (loaded.ok) return loaded.loaded;
    happen({ is: "sdk-failed", code: loaded.failure });
    if (store.now.phase !== "lobby") break;
    // Nobody needs it yet: there is time to try again unasked, ever more seldom, because a broken
    // file costs as much data as a whole one.
    await sleep(pause);
    if (!wanted() || store.now.phase !== "lobby") return null;
  }
  // A slow network may still bring the files: then nobody has to tap.
  const late = await loader.arrived;
  return wanted() ? late : null;
}

/** Starts with nothing open. */
export function createCallRunner<File>(dependencies: Dependencies<File>): CallRunner {
  const { api, happen, loader, sleep, store, telemetry } = dependencies;
  let call: Call | null = null;
  let place: JoinInfo | null = null;
  let caller: Caller | null = null;
  // Made and warmed in the lobby, then the call's.
  let session: Session | null = null;
  // What began in an older generation counts no longer.
  let generation = 0;

  /** Ends a connection that was warmed for credentials that are of no use any more. */
  function cool(): void {
    session?.close().catch(() => undefined);
    session = null;
  }
  function drop(): void {
    generation++;
    cool();
    if (call === null) dependencies.devices.close();
    call?.leave(true);
    call = null;
  }
  /** Does something that takes time; its outcome counts only in its own generation. */
  function during(work: (wanted: () => boolean) => Promise<void>): void {
    const mine = generation;
    work(() => mine === generation).catch((error) => {
      if (mine === generation) happen({ is: "stopped", name: errorName(error), meaning: "failed" });
    });
  }
  function events(): FlowEvents {
    const mine = generation;
    const on = (event: VisitEvent) => () => {
      if (mine === generation) happen(event);
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

  const waiting = {
    waiting: () => happen({ is: "waiting" }),
    unreachable: () => happen({ is: "unreachable" }),
  };
  const works: Readonly<Record<Work, () => void>> = {
    ask() {
      cool();
      during(async (wanted) => {
        const wait = { api, events: waiting, sleep, wanted };
        const admission = await waitForAdmission(wait, store.now.phase === "waiting");
        if (admission === null || !wanted()) return;
        if (!admission.ok) return happen({ is: "refused", problem: admission.problem }, admission);
        place = admission.join;
        happen({ is: "admitted" });
      });
    },
    load: () =>
      during(async (wanted) => {
        const loaded = await load(dependencies, wanted);
        if (loaded === null) return;
        if (caller === null) {
          telemetry.note("sdk", loader.effort);
          caller = dependencies.arrived(loaded);
        }
        happen({ is: "sdk" });
      }),
    warm() {
      if (caller === null || place === null || session !== null) return;
      session = caller.open(place);
      session.warm();
    },
    connect() {
      if (caller === null || place === null) return;
      const used = session ?? caller.open(place);
      session = null;
      call = caller.start({
        session: used,
        events: events(),
        promptPatienceMs: PROMPT_PATIENCE_MS,
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
    run: (work) => works[work](),
    reset(next) {
      generation++;
      cool();
      place = next;
    },
    drop,
  };
}
