import { parse, type ScalarTag } from "yaml";
import { invalid } from "./problem.ts";

export type Json = string | number | boolean | null | readonly Json[] | {
  readonly [name: string]: Json;
};

/** A template, with its functions in their long form (`{"Fn::Sub": …}`). */
export interface Template {
  readonly Description?: string;
  readonly Metadata?: Json;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Rules?: Readonly<Record<string, TemplateRule>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: Json; readonly Condition?: string; Description?: string }>
  >;
}

interface TemplateParameter {
  readonly Type: string;
  readonly Description?: string;
  readonly Default?: string | number;
  readonly NoEcho?: boolean;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly (string | number)[];
  readonly ConstraintDescription?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: Readonly<Record<string, Json>>;
}

interface TemplateRule {
  readonly RuleCondition?: Json;
  readonly Assertions: readonly { readonly Assert: Json; readonly AssertDescription: string }[];
}

const FUNCTIONS = ["If", "Not", "Equals", "And", "Or", "Sub", "GetAtt", "Select", "Join", "Split"];

/** `!Sub x` is `{"Fn::Sub": x}`; `!GetAtt a.b` is a list; `!Ref` and `!Condition` have no `Fn::`. */
const tags = [...FUNCTIONS, "Ref", "Condition"].flatMap((name) => {
  const key = name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
  const scalar = (text: string) => ({
    [key]: name === "GetAtt"
      ? [text.slice(0, text.indexOf(".")), text.slice(text.indexOf(".") + 1)]
      : text,
  });
  const wrap = (node: { toJSON(): unknown }) => ({ [key]: node.toJSON() });
  return [
    { tag: `!${name}`, resolve: scalar } as ScalarTag,
    { tag: `!${name}`, collection: "seq", resolve: wrap } as unknown as ScalarTag,
    { tag: `!${name}`, collection: "map", resolve: wrap } as unknown as ScalarTag,
  ];
});

export function parseTemplate(text: string): Template {
  const template = parse(text, { customTags: tags }) as Template | null;
  if (!template?.Resources) {
    throw invalid("Template format error: no Resources");
  }
  return template;
}

/** The values of all parameters, checked as CloudFormation checks them. */
export function parameterValues(
  template: Template,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const declared = template.Parameters ?? {};
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0) {
    throw invalid(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  }
  const values: Record<string, string> = {};
  for (const [name, rule] of Object.entries(declared)) {
    const value = given[name] ?? rule.Default;
    if (value === undefined) throw invalid(`Parameters: [${name}] must have values`);
    const text = String(value);
    const outside = rule.Type === "Number" &&
      (Number(text) < (rule.MinValue ?? -Infinity) || Number(text) > (rule.MaxValue ?? Infinity));
    const unlisted = rule.AllowedValues && !rule.AllowedValues.map(String).includes(text);
    const misshapen = rule.AllowedPattern && !new RegExp(`^(?:${rule.AllowedPattern})$`).test(text);
    if (outside || unlisted || misshapen) {
      throw invalid(
        `Parameter ${name} failed to satisfy constraint: ${rule.ConstraintDescription}`,
      );
    }
    // CloudFormation quotas: a parameter value has 4,096 bytes at most.
    if (new TextEncoder().encode(text).length > 4096) {
      throw invalid(`Parameter ${name} is longer than 4096 bytes`);
    }
    values[name] = text;
  }
  return values;
}
