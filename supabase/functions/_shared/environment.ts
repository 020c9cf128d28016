import * as z from "zod/mini";

/** The environment as it is handed in: names to texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The schemas of variables, by name. */
export type EnvironmentShape = Readonly<Record<string, z.core.$ZodType>>;

/** What could be read; a name at fault has no value. */
export interface EnvironmentRead<S extends EnvironmentShape> {
  readonly values: { readonly [Name in keyof S]?: z.output<S[Name]> };
  /** Every bad name, and never a value: values are secrets. */
  readonly faults: readonly string[];
}

/**
 * Checks each variable by its own schema, so that all faults are found at once. An empty text
 * counts as not set, as dashboards and `.env` files write it.
 */
export function readEnvironment<S extends EnvironmentShape>(
  shape: S,
  environment: Environment,
): EnvironmentRead<S> {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    const text = environment[name];
    const outcome = z.safeParse(schema, text?.trim() === "" ? undefined : text);
    if (outcome.success) values[name] = outcome.data;
    else faults.push(name);
  }
  return { values: values as EnvironmentRead<S>["values"], faults };
}

/** A JSON text whose value fits `schema`. */
export function jsonOf<S extends z.core.$ZodType>(schema: S) {
  return z.pipe(
    z.pipe(
      z.string(),
      z.transform((text: string, context) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          context.issues.push({ code: "custom", message: "not JSON", input: text });
          return z.NEVER;
        }
      }),
    ),
    schema,
  );
}
