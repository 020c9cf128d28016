/** The outcome of a step that may fail in a way its caller must handle. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** A success. */
export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** A failure that the caller handles; nothing is thrown. */
export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
