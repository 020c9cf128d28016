/** Runs a visit: sends events to the state machine and carries out its steps. */
import type { PageState } from "../bridge/chime-page.d.ts";
import type { ApiFailure } from "./api.ts";
import { createCallRunner } from "./call_runner.ts";
import type { Visit, VisitDependencies } from "./dependencies.ts";
import { DEADLINES, type State, type Step, step, type VisitEvent } from "./state_machine.ts";
import type { Card } from "./store.ts";

/** The text key of phase `in-call` is `inCall`. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Tail>}`
  : Name;

/** Every phase has a text of the same name. */
const statusKey = (phase: PageState) =>
  phase.replace(/-./, (match) => match.slice(1).toUpperCase()) as Camel<PageState>;

/**
 * The card of a step. The server's texts about a refusal are better than the page's own.
 * @param run what the button does
 */
function cardOf({ screen }: Step, run: () => void, refusal?: ApiFailure): Card | null {
  if (screen === null) return null;
  const [title, text, label] = screen;
  return {
    title: refusal?.title ? { verbatim: refusal.title } : title,
    text: refusal?.nextStep ? { verbatim: refusal.nextStep } : text,
    ...(label && { action: { label, run } }),
  };
}

/** Tells the host and telemetry what a step means for the call. */
function report(
  { host, telemetry }: VisitDependencies,
  { error, ended, ready }: Step,
): void {
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

/**
 * Creates a visit. Nothing happens before `begin`.
 * @param state the first state, the same as the store's
 */
export function createVisit(state: State, dependencies: VisitDependencies): Visit {
  const { store, host, telemetry, supported } = dependencies;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const runner = createCallRunner({ ...dependencies, dispatch, started: () => state.started });

  function dispatch(event: VisitEvent, refusal?: ApiFailure): void {
    const before = state;
    const next = step(state, event);
    state = next.state;
    const { stage: phase, ready } = state;
    if (phase !== before.stage || event.is === "begin") {
      clearTimeout(deadline);
      const seconds = DEADLINES[phase];
      if (seconds) deadline = setTimeout(() => dispatch({ is: "deadline" }), seconds * 1000);
    }
    if (state !== before) {
      const retry = () => begin(state.awaits === "sdk" ? runner.place : null);
      const card = cardOf(next, retry, refusal);
      const status = event.is === "unreachable" ? "reconnecting" : card?.title;
      store.set({ phase, ready, screen: { status: status ?? statusKey(phase), card } });
    }
    if (phase !== before.stage) {
      host.send("state", phase);
      telemetry.note("state", { phase });
    }
    report(dependencies, next);
    next.work.forEach((work) => runner.run(work));
  }

  function begin(join: Parameters<Visit["begin"]>[0]): void {
    runner.reset(join);
    dispatch(supported ? { is: "begin", place: join !== null } : { is: "unsupported" });
  }

  return {
    get call() {
      return runner.call;
    },
    get place() {
      return runner.place;
    },
    begin,
    join: () => dispatch({ is: "join" }),
    leave: () => dispatch({ is: "leave" }),
    online: () => dispatch({ is: "online" }),
    abandon() {
      clearTimeout(deadline);
      runner.drop();
    },
  };
}
