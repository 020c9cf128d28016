/** Drives one visit: does what the state machine says, and tells it what comes of it. */
import type { ApiFailure } from "./api.ts";
import { createCallRunner } from "./call_runner.ts";
import type { Visit, VisitDependencies } from "./dependencies.ts";
import { DEADLINES, type State, type Step, step, type VisitEvent } from "./state_machine.ts";
import type { Card, Phase } from "./store.ts";

/** `in-call` has the text `inCall`. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Tail>}`
  : Name;

/** Every phase has a text of its name. */
const statusKey = (phase: Phase) =>
  phase.replace(/-./, (match) => match.slice(1).toUpperCase()) as Camel<Phase>;

/**
 * Prepares a visit; nothing happens before `begin`.
 * @param state where it begins; the store begins there too
 */
export function createVisit<File>(state: State, dependencies: VisitDependencies<File>): Visit {
  const { store, host, telemetry, supported } = dependencies;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const runner = createCallRunner({ ...dependencies, happen, started: () => state.started });

  /** What the server said about a refusal is better than what the page could say. */
  function cardOf({ screen }: Step, refusal?: ApiFailure): Card | null {
    if (screen === null) return null;
    const [title, text, label] = screen;
    const run = () => begin(state.awaits === "sdk" ? runner.place : null);
    return {
      title: refusal?.title ? { verbatim: refusal.title } : title,
      text: refusal?.nextStep ? { verbatim: refusal.nextStep } : text,
      ...(label && { action: { label, run } }),
    };
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
    const { stage: phase, ready } = state;
    if (phase !== before.stage || event.is === "begin") {
      clearTimeout(deadline);
      const seconds = DEADLINES[phase];
      if (seconds) deadline = setTimeout(() => happen({ is: "deadline" }), seconds * 1000);
    }
    if (state !== before) {
      const card = cardOf(next, refusal);
      const status = event.is === "unreachable" ? "reconnecting" : card?.title;
      store.set({ phase, ready, screen: { status: status ?? statusKey(phase), card } });
    }
    if (phase !== before.stage) {
      host.send("state", phase);
      telemetry.note("state", { phase });
    }
    tell(next);
    next.work.forEach((work) => runner.run(work));
  }

  function begin(join: Parameters<Visit["begin"]>[0]): void {
    runner.reset(join);
    happen(supported ? { is: "begin", place: join !== null } : { is: "unsupported" });
  }

  return {
    get call() {
      return runner.call;
    },
    get place() {
      return runner.place;
    },
    begin,
    join: () => happen({ is: "join" }),
    leave: () => happen({ is: "leave" }),
    online: () => happen({ is: "online" }),
    abandon() {
      clearTimeout(deadline);
      runner.drop();
    },
  };
}
