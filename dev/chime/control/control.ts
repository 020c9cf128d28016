import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { ControlFault, Faults } from "../faults.ts";
import type { RateLimiter } from "../rate_limiter.ts";
import type { Reply, WireRequest } from "../server.ts";
import { operate, type OperationContext } from "./operations.ts";
import { ControlProblem, type ProblemName } from "./problem.ts";
import { findRoute, type Operation, type Route } from "./routes.ts";
import { checkSignature, type SignatureRules } from "./signature.ts";

/** A control plane request as it is remembered; it never holds a token. */
export interface RecordedRequest {
  readonly method: string;
  readonly operation: Operation | "Unknown";
  /** HTTP status; 0 while there is no answer, and for ever after a hang or a reset. */
  status: number;
  problem?: ProblemName;
  readonly meetingId?: string;
  readonly attendeeId?: string;
  readonly at: number;
}

export interface ControlDependencies extends OperationContext {
  readonly faults: Faults;
  readonly rateLimiter: RateLimiter;
  readonly signature: Omit<SignatureRules, "now">;
  readonly clock: () => number;
  /** The machine's own clock: clients sign with it, whatever clock the meetings go by. */
  readonly machineClock: () => number;
  readonly record: (request: RecordedRequest) => void;
  /** Ends delays when the server closes. */
  readonly closing: AbortSignal;
}

/** The control plane: signature, faults, throttle, operation; every request is recorded. */
export function createControl(
  dependencies: ControlDependencies,
): (request: WireRequest) => Promise<Reply> {
  return async (request) => {
    const route = findRoute(request.method, request.path, request.query);
    const recorded: RecordedRequest = {
      method: request.method,
      operation: route?.operation ?? "Unknown",
      status: 0,
      ...(route?.meetingId ? { meetingId: route.meetingId } : {}),
      ...(route?.attendeeId ? { attendeeId: route.attendeeId } : {}),
      at: dependencies.clock(),
    };
    dependencies.record(recorded);
    const requestId = randomUUID();
    let response: Response;
    try {
      const result = await answerOne(dependencies, request, route);
      if (result === "hang" || result === "reset") return result;
      response = result === undefined ? new Response(null, { status: 204 }) : Response.json(result);
    } catch (error) {
      const problem = error instanceof ControlProblem
        ? error
        : new ControlProblem("ServiceFailureException", String(error));
      recorded.problem = problem.problem;
      response = problemResponse(problem, requestId);
    }
    recorded.status = response.status;
    response.headers.set("x-amzn-requestid", requestId);
    // Clients correct their clocks by this header.
    response.headers.set("date", new Date(dependencies.machineClock()).toUTCString());
    return response;
  };
}

/** The body of a success, or what a fault does to the connection. */
async function answerOne(
  dependencies: ControlDependencies,
  request: WireRequest,
  route: Route | undefined,
): Promise<unknown> {
  const { faults, rateLimiter, closing } = dependencies;
  checkSignature(request, { ...dependencies.signature, now: dependencies.machineClock() });
  if (route === undefined) {
    throw new ControlProblem("UnknownOperationException", "There is no such operation");
  }
  const before = await strike(faults.takeControl(route, false), closing);
  if (before !== undefined) return before;
  if (!rateLimiter.take()) throw new ControlProblem("ThrottlingException", "Rate exceeded");
  const result = operate(route, request, dependencies);
  return await strike(faults.takeControl(route, true), closing) ?? result;
}

/** Carries out faults in order; undefined lets the call continue. */
async function strike(
  faults: readonly ControlFault[],
  closing: AbortSignal,
): Promise<"hang" | "reset" | undefined> {
  for (const fault of faults) {
    switch (fault.kind) {
      case "delay":
        await setTimeout(fault.milliseconds, undefined, { signal: closing }).catch(() => {});
        break;
      case "hold":
        fault.arrived();
        if (await fault.outcome === "reset") return "reset";
        break;
      case "error":
        throw new ControlProblem(fault.error, fault.message ?? "Fault on demand");
      case "hang":
      case "reset":
        return fault.kind;
    }
  }
  return undefined;
}

/** An error in AWS's REST JSON: its name in `x-amzn-errortype`, its members in the body. */
function problemResponse({ status, problem, code, message }: ControlProblem, requestId: string) {
  const response = Response.json({ Code: code, Message: message, RequestId: requestId }, {
    status,
  });
  response.headers.set("x-amzn-errortype", problem);
  if (status === 503) response.headers.set("retry-after", "1");
  return response;
}
