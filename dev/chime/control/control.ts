import { randomUUID } from "node:crypto";
import type { RateLimiter } from "../rate_limiter.ts";
import type { ControlFault, Faults } from "../faults.ts";
import type { RequestRecord } from "../requests.ts";
import { operate, type OperationContext } from "./operations.ts";
import { ControlProblem } from "./problem.ts";
import { findRoute, type Route } from "./routes.ts";
import { type SignatureRules, verifySignature } from "./signature.ts";
import { failure, success, type WireAnswer, type WireRequest } from "./wire.ts";

export interface ControlDependencies extends OperationContext {
  readonly faults: Faults;
  readonly rateLimiter: RateLimiter;
  readonly record: RequestRecord;
  /** Rules of the signature, but for the time. */
  readonly signature: Omit<SignatureRules, "now">;
  /** The machine's own clock: clients sign with it, whatever clock the meetings go by. */
  readonly machineClock: () => number;
}

/** The control plane: signature, faults, throttle, operation; every request is recorded. */
export function createControl(
  dependencies: ControlDependencies,
): (request: WireRequest) => Promise<WireAnswer> {
  const answerTo = controlAnswers(dependencies);
  return async (request) => {
    const answer = await answerTo(request);
    if (answer.kind !== "answer") return answer;
    // Clients correct their clocks by this header.
    const date = new Date(dependencies.machineClock()).toUTCString();
    return { ...answer, headers: { ...answer.headers, date } };
  };
}

function controlAnswers(
  dependencies: ControlDependencies,
): (request: WireRequest) => Promise<WireAnswer> {
  return async (request) => {
    const requestId = randomUUID();
    const route = findRoute(request.method, request.path, request.query);
    const record = dependencies.record.open(request.method, route);
    try {
      const answer = await answerOne(dependencies, request, requestId, record, route);
      if (answer.kind === "answer") record.close(answer.status);
      return answer;
    } catch (problem) {
      const known = problem instanceof ControlProblem
        ? problem
        : new ControlProblem("ServiceFailureException", String(problem));
      record.close(known.status, known.problem);
      return failure(known, requestId);
    }
  };
}

async function answerOne(
  dependencies: ControlDependencies,
  request: WireRequest,
  requestId: string,
  record: ReturnType<RequestRecord["open"]>,
  route: Route | undefined,
): Promise<WireAnswer> {
  verifySignature(request, { ...dependencies.signature, now: dependencies.machineClock() });
  if (route === undefined) {
    throw new ControlProblem("UnknownOperationException", "There is no such operation");
  }
  const before = await strike(dependencies.faults.takeControl(route, false), record.signal);
  if (before !== undefined) return before;
  if (!dependencies.rateLimiter.take()) {
    throw new ControlProblem("ThrottlingException", "Rate exceeded");
  }
  const result = operate(route, request, dependencies);
  const after = await strike(dependencies.faults.takeControl(route, true), record.signal);
  return after ?? success(result.status, result.body, requestId);
}

/** Carries out faults in order; an answer ends the call, undefined lets it continue. */
async function strike(
  faults: readonly ControlFault[],
  signal: AbortSignal,
): Promise<WireAnswer | undefined> {
  for (const fault of faults) {
    switch (fault.kind) {
      case "delay":
        await pause(fault.milliseconds, signal);
        break;
      case "hold": {
        fault.arrived();
        if (await fault.outcome === "reset") return { kind: "reset" };
        break;
      }
      case "error":
        throw new ControlProblem(fault.error, fault.message ?? "Fault on demand");
      case "hang":
      case "reset":
        return { kind: fault.kind };
    }
  }
  return undefined;
}

/** Waits, at most until the server closes. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
