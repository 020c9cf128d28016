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

/** An error's name, for telemetry: its message may hold anything. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Wraps what is handed to a session: it is called while that session's call runs and not after it,
 * when the next call may have begun, and it never throws.
 */
export type During = <Values extends readonly unknown[]>(
  callback: (...values: Values) => void,
) => (...values: Values) => void;
