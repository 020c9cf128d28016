import * as z from "zod/mini";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A schema for each environment variable. */
export type EnvironmentShape = Readonly<Record<string, z.core.$ZodType>>;

/** The result of {@link readEnvironment}. */
export interface EnvironmentRead<S extends EnvironmentShape> {
  /** Values of the valid variables. */
  readonly values: { readonly [Name in keyof S]?: z.output<S[Name]> };
  /** Names of the invalid variables. Values are left out because they may be secrets. */
  readonly faults: readonly string[];
}

/**
 * Validates every variable, so that all invalid ones are reported at once. A blank value counts as
 * not set, because that is how dashboards and `.env` files write it.
 */
export function readEnvironment<S extends EnvironmentShape>(
  shape: S,
  environment: Environment,
): EnvironmentRead<S> {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    const text = environment[name];
    const parsed = z.safeParse(schema, text?.trim() === "" ? undefined : text);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(name);
  }
  return { values: values as EnvironmentRead<S>["values"], faults };
}

/** A schema for a JSON string whose parsed value matches `schema`. */
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
