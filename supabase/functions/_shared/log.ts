/**
 * One JSON line an event. The fields are a closed set: what is not named here cannot be logged, so
 * no token, name, address or health detail can slip in through a helpful caller.
 */
export interface LogFields {
  readonly requestId?: string;
  readonly method?: string;
  /** The route's pattern, never the path: a path may hold what a person typed. */
  readonly route?: string;
  readonly status?: number;
  readonly problem?: string;
  /** A short code of our own. */
  readonly reason?: string | undefined;
  /** Milliseconds. */
  readonly ms?: number;
  /** Upstream calls of the request: in all, and in the longest chain of one after the other. */
  readonly calls?: number;
  readonly roundTrips?: number;
  readonly appointmentId?: string;
  readonly participantId?: string;
  readonly meetingId?: string;
  readonly via?: string;
  /** Names of settings at fault, never their values. */
  readonly settings?: readonly string[];
  /** Columns of the adopter's views at fault, never what stands in them. */
  readonly columns?: readonly string[];
  /** Class name of an unforeseen error. Its message stays out: it may quote anything. */
  readonly error?: string;
}

/** Writes log lines. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** A log that writes JSON lines to `sink`, stamped by `now` (milliseconds since 1970). */
export function createLog(sink: (line: string) => void, now: () => number): Log {
  const write = (level: "info" | "error") => (event: string, fields: LogFields = {}) =>
    sink(JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields }));
  return { info: write("info"), error: write("error") };
}
