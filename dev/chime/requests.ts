import type { ProblemName } from "./control/problem.ts";
import type { Operation, Route } from "./control/routes.ts";

/** A control plane request as it is remembered; it never holds a token. */
export interface RecordedRequest {
  readonly method: string;
  readonly operation: Operation | "Unknown";
  /** HTTP status; 0 while there is no answer, and for ever after a hang or a reset. */
  readonly status: number;
  /** Name of the error, where it was one. */
  readonly problem?: ProblemName;
  readonly meetingId?: string;
  readonly attendeeId?: string;
  /** When it came; milliseconds. */
  readonly at: number;
}

const MOST = 10_000;

/** Remembers the last 10,000 requests to the control plane. */
export class RequestRecord {
  #requests: RecordedRequest[] = [];
  readonly #closing = new AbortController();

  constructor(private readonly clock: () => number) {}

  /** Notes a request; `close` adds how it was answered. `signal` fires when the server closes. */
  open(
    method: string,
    route: Route | undefined,
  ): { close(status: number, problem?: ProblemName): void; signal: AbortSignal } {
    let entry: RecordedRequest = {
      method,
      operation: route?.operation ?? "Unknown",
      status: 0,
      ...(route?.meetingId ? { meetingId: route.meetingId } : {}),
      ...(route?.attendeeId ? { attendeeId: route.attendeeId } : {}),
      at: this.clock(),
    };
    this.#requests.push(entry);
    if (this.#requests.length > MOST) this.#requests.shift();
    return {
      signal: this.#closing.signal,
      close: (status, problem) => {
        const place = this.#requests.indexOf(entry);
        entry = { ...entry, status, ...(problem === undefined ? {} : { problem }) };
        if (place !== -1) this.#requests[place] = entry;
      },
    };
  }

  /** The requests so far, oldest first. */
  all(): readonly RecordedRequest[] {
    return [...this.#requests];
  }

  /** Forgets all requests. */
  clear(): void {
    this.#requests = [];
  }

  /** Lets go of whatever is still delayed. */
  shutDown(): void {
    this.#closing.abort();
  }
}
