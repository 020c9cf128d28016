/** A realtime callback that throws ends the session (`RealtimeApiFailed`): none of ours may. */

/** Wraps a callback so that it never throws; what it would have thrown is handed to `onError`. */
export function guarded<Arguments extends readonly unknown[]>(
  callback: (...values: Arguments) => void,
  onError: (error: unknown) => void,
): (...values: Arguments) => void {
  return (...values) => {
    try {
      callback(...values);
    } catch (error) {
      onError(error);
    }
  };
}

/** Wraps a callback of one session: it never throws, and after the session's end it does nothing. */
export type Hear = <Arguments extends readonly unknown[]>(
  callback: (...values: Arguments) => void,
) => (...values: Arguments) => void;

/** An error's name, for telemetry: its message may hold anything. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
