import type { ControlProblem } from "./problem.ts";

/** One HTTP request to the control plane, as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What goes back; `hang` never answers, `reset` breaks the connection. */
export type WireAnswer =
  | {
    readonly kind: "answer";
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }
  | { readonly kind: "hang" }
  | { readonly kind: "reset" };

/** A success in AWS's REST JSON; 204 has no body. */
export function success(status: number, body: unknown, requestId: string): WireAnswer {
  return {
    kind: "answer",
    status,
    headers: { "content-type": "application/json", "x-amzn-requestid": requestId },
    body: status === 204 ? "" : JSON.stringify(body),
  };
}

/** An error in AWS's REST JSON: its name in `x-amzn-errortype`, its members in the body. */
export function failure(problem: ControlProblem, requestId: string): WireAnswer {
  return {
    kind: "answer",
    status: problem.status,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": problem.problem,
      "x-amzn-requestid": requestId,
      ...(problem.status === 503 ? { "retry-after": "1" } : {}),
    },
    body: JSON.stringify({ Code: problem.code, Message: problem.message, RequestId: requestId }),
  };
}
