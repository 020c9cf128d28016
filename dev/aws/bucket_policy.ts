/** A statement of a bucket policy, as far as it is evaluated. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal: string | { readonly Service?: string };
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Access {
  readonly action: string;
  /** ARN of the object. */
  readonly resource: string;
  /** `cloudfront.amazonaws.com`, or undefined for a key of the account. */
  readonly service?: string;
  /** Condition keys that the request has, by their names in lower case. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/** Whether a policy denies an access outright (IAM: a Deny wins over every Allow). */
export function denied(statements: readonly Statement[], access: Access): boolean {
  return statements.some((one) => one.Effect === "Deny" && matches(one, access));
}

/** Whether a policy allows an access, as a service of AWS needs. */
export function allowed(statements: readonly Statement[], access: Access): boolean {
  return !denied(statements, access) &&
    statements.some((one) => one.Effect === "Allow" && matches(one, access));
}

function matches(statement: Statement, access: Access): boolean {
  const { Principal: principal } = statement;
  const known = principal === "*" ||
    (typeof principal === "object" && principal.Service === access.service);
  return known && list(statement.Action).some((one) => wildcard(one, access.action)) &&
    list(statement.Resource).some((one) => wildcard(one, access.resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, tests]) =>
      Object.entries(tests).every(([key, expected]) =>
        holds(operator, access.keys[key.toLowerCase()], String(expected))
      )
    );
}

function holds(operator: string, value: string | undefined, expected: string): boolean {
  switch (operator) {
    case "Null":
      return (value === undefined) === (expected === "true");
    case "Bool":
    case "StringEquals":
      return value === expected;
    default:
      throw new Error(`Cannot evaluate the condition ${operator}: add it to the stand-in`);
  }
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

/** Whether a text matches a pattern with `*` and `?`, of a policy or of CloudFront's paths. */
export function wildcard(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`).test(text);
}
