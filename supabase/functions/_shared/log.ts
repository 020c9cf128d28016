/**
 * Fields of a log line. The set is closed on purpose: anything else, such as a token, a name, an
 * address or a health detail, does not compile.
 */
export interface LogFields {
  readonly requestId?: string;
  /** The short form of `requestId` that people see on a problem page. */
  readonly reference?: string;
  readonly method?: string;
  /** The route pattern, not the path: a path may contain user input. */
  readonly route?: string;
  readonly status?: number;
  readonly problem?: string;
  /** One of this project's own short codes, or the name of an AWS error. */
  readonly reason?: string | undefined;
  /** Milliseconds. */
  readonly ms?: number;
  /** Number of upstream calls. */
  readonly calls?: number;
  /** Length of the longest chain of upstream calls that waited for each other. */
  readonly roundTrips?: number;
  readonly appointmentId?: string;
  readonly participantId?: string;
  readonly meetingId?: string;
  readonly via?: string;
  /** Names of invalid settings, never their values. */
  readonly settings?: readonly string[];
  /** Columns with invalid values in the adopter's views, never the values. */
  readonly columns?: readonly string[];
  /** Class name of an unexpected error. Its message is not logged: it may contain anything. */
  readonly error?: string;
}

/** Writes log lines. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/**
 * Creates a log that writes one JSON line per event to `sink`.
 * @param now milliseconds since 1970
 */
export function createLog(sink: (line: string) => void, now: () => number): Log {
  const write = (level: "info" | "error") => (event: string, fields: LogFields = {}) =>
    sink(JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields }));
  return { info: write("info"), error: write("error") };
}
