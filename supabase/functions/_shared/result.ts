/** The result of an operation whose failure the caller must handle. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** Wraps the value of a success. */
export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** Wraps the error of a failure. */
export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
