import { randomUUID } from "node:crypto";
import type { TokenBucket } from "../bucket.ts";
import type { ControlFault, Faults } from "../faults.ts";
import type { RequestRecord } from "../requests.ts";
import { operate, type OperationContext } from "./operations.ts";
import { ControlProblem } from "./problem.ts";
import { findRoute, type Route } from "./routes.ts";
import { type SignatureRules, verifySignature } from "./signature.ts";
import { failure, success, type WireAnswer, type WireRequest } from "./wire.ts";

/** What the control plane is made of. */
export interface ControlParts extends OperationContext {
  readonly faults: Faults;
  readonly bucket: TokenBucket;
  readonly record: RequestRecord;
  /** Rules of the signature, but for the time. */
  readonly signature: Omit<SignatureRules, "now">;
  /** The machine's own clock: clients sign with it, whatever clock the meetings go by. */
  readonly machineClock: () => number;
}

/** The control plane: signature, faults, throttle, operation; every request is recorded. */
export function createControl(parts: ControlParts): (request: WireRequest) => Promise<WireAnswer> {
  const answerTo = controlAnswers(parts);
  return async (request) => {
    const answer = await answerTo(request);
    if (answer.kind !== "answer") return answer;
    // By this clients correct their own clocks.
    const date = new Date(parts.machineClock()).toUTCString();
    return { ...answer, headers: { ...answer.headers, date } };
  };
}

function controlAnswers(parts: ControlParts): (request: WireRequest) => Promise<WireAnswer> {
  return async (request) => {
    const requestId = randomUUID();
    const route = findRoute(request.method, request.path, request.query);
    const record = parts.record.open(request.method, route);
    try {
      const answer = await answerOne(parts, request, requestId, record, route);
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
  parts: ControlParts,
  request: WireRequest,
  requestId: string,
  record: ReturnType<RequestRecord["open"]>,
  route: Route | undefined,
): Promise<WireAnswer> {
  verifySignature(request, { ...parts.signature, now: parts.machineClock() });
  if (route === undefined) {
    throw new ControlProblem("UnknownOperationException", "There is no such operation");
  }
  const before = await strike(parts.faults.takeControl(route, false), record.signal);
  if (before !== undefined) return before;
  if (!parts.bucket.take()) throw new ControlProblem("ThrottlingException", "Rate exceeded");
  const result = operate(route, request, parts);
  const after = await strike(parts.faults.takeControl(route, true), record.signal);
  return after ?? success(result.status, result.body, requestId);
}

/** Carries out faults in their order; an answer ends the call, undefined lets it go on. */
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

/** Waits, but not beyond the end of the server. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
