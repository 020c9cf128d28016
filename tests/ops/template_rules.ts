/** What rules of templates are made of. */
import type { Json, Template } from "../../dev/aws/template.ts";

/** A rule for templates: returns the faults it finds, none if the template follows it. */
export type TemplateRule = (template: Template) => readonly string[];

type Properties = Readonly<Record<string, Json>>;

/** Resources of a type, as `[logical id, properties]`. */
export function of(template: Template, type: string): (readonly [string, Properties])[] {
  return Object.entries(template.Resources).filter(([, one]) => one.Type === `AWS::${type}`)
    .map(([id, one]) => [id, one.Properties ?? {}] as const);
}

/** Every branch of a value: both sides of each `Fn::If`, one element for each of a list. */
export function branches(node: Json | undefined): readonly Json[] {
  if (node === undefined) return [];
  if (Array.isArray(node)) return node.flatMap(branches);
  if (node !== null && typeof node === "object" && "Fn::If" in node) {
    return (node["Fn::If"] as readonly Json[]).slice(1).flatMap(branches);
  }
  if (JSON.stringify(node) === '{"Ref":"AWS::NoValue"}') return [];
  return [node];
}

export const at = (node: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, name) => (value as Readonly<Record<string, Json>> | undefined | null)?.[name],
    node,
  );

export const text = (node: Json | undefined) => JSON.stringify(node ?? null);

export const fault = (holds: boolean, message: string) => holds ? [] : [message];
