/** Error handling for SDK callbacks: one that throws ends the session (`RealtimeApiFailed`). */

/** Wraps a callback so that it never throws; errors are passed to `onError`. */
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

/** Name of an error, for telemetry. Messages are left out, because they may contain anything. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Wraps a callback for a session: it never throws, and does nothing once the call of that session
 * is over, when the next call may have started.
 */
export type During = <Values extends readonly unknown[]>(
  callback: (...values: Values) => void,
) => (...values: Values) => void;
