import { createHash } from "node:crypto";
import { invalid } from "./problem.ts";
import { type Json, parameterValues, type Template } from "./template.ts";

/** A resource whose functions have been computed. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives: a name, an id or an ARN, by type. */
  readonly physicalId: string;
  /** Whether the resource outlives its stack (the deletion policy `Retain`). */
  readonly retained: boolean;
  readonly properties: Readonly<Record<string, Json>>;
}

export interface Resolved {
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of the parameters that are never shown (`NoEcho`). */
  readonly secrets: readonly string[];
  readonly resources: readonly ResolvedResource[];
  readonly outputs: Readonly<Record<string, string>>;
}

export interface Place {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  /** Generated names contain part of it, so that a stack never gets the names of an earlier one. */
  readonly stackId: string;
}

const NO_VALUE = Symbol("AWS::NoValue");
type Value = Json | typeof NO_VALUE;

/**
 * Checks a template's parameters and rules, and computes its conditions and functions. Throws the
 * `ValidationError` that CloudFormation answers.
 */
export function resolveTemplate(
  template: Template,
  given: Readonly<Record<string, string>>,
  place: Place,
): Resolved {
  const parameters = parameterValues(template, given);
  const values: Record<string, Value> = {
    ...parameters,
    "AWS::StackName": place.stackName,
    "AWS::Region": place.region,
    "AWS::AccountId": place.accountId,
    "AWS::Partition": "aws",
    "AWS::NoValue": NO_VALUE,
  };
  const evaluate = (node: Json): Value => compute(node, { values, condition, attribute });
  const present = Object.entries(template.Resources).filter(([, one]) =>
    one.Condition === undefined || condition(one.Condition)
  );
  function condition(name: string): boolean {
    const node = template.Conditions?.[name];
    if (node === undefined) throw invalid(`Unresolved condition ${name}`);
    return evaluate(node) === true;
  }
  function attribute(id: string, name: string): Value {
    const resource = template.Resources[id];
    if (!resource) throw invalid(`Template references undefined resource ${id}`);
    if (!present.some(([known]) => known === id)) throw invalid(`Resource ${id} is not created`);
    const properties = evaluate(resource.Properties ?? {});
    return attributeOf(resource.Type, id, name, properties as Record<string, Json>, place);
  }
  // Computed only when it is used, because names may come from parameters.
  for (const [id] of present) {
    Object.defineProperty(values, id, { get: () => attribute(id, "Ref"), enumerable: true });
  }
  for (const rule of Object.values(template.Rules ?? {})) {
    if (rule.RuleCondition !== undefined && evaluate(rule.RuleCondition) !== true) continue;
    for (const { Assert, AssertDescription } of rule.Assertions) {
      if (evaluate(Assert) !== true) throw invalid(`Template error: ${AssertDescription}`);
    }
  }
  return {
    parameters,
    secrets: Object.entries(template.Parameters ?? {}).filter(([, one]) => one.NoEcho)
      .map(([name]) => name),
    resources: present.map(([logicalId, { Type, Properties, DeletionPolicy }]) => ({
      logicalId,
      type: Type,
      retained: DeletionPolicy === "Retain",
      physicalId: String(attribute(logicalId, "Ref")),
      properties: evaluate(Properties ?? {}) as Record<string, Json>,
    })),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {})
        .filter(([, one]) => one.Condition === undefined || condition(one.Condition))
        .map(([name, one]) => [name, String(evaluate(one.Value))]),
    ),
  };
}

interface Scope {
  readonly values: Readonly<Record<string, Value>>;
  readonly condition: (name: string) => boolean;
  readonly attribute: (id: string, name: string) => Value;
}

function compute(node: Json, scope: Scope): Value {
  const go = (child: Json | undefined) => compute(child ?? null, scope);
  if (Array.isArray(node)) return node.map(go).filter((one): one is Json => one !== NO_VALUE);
  if (node === null || typeof node !== "object") return node;
  const entries = Object.entries(node);
  const [only] = entries;
  if (entries.length === 1 && only && /^(Ref|Condition|Fn::\w+)$/.test(only[0])) {
    const [name, argument] = only;
    const list = Array.isArray(argument) ? argument as readonly Json[] : [argument];
    switch (name) {
      case "Ref":
        return reference(String(argument), scope);
      case "Condition":
        // In a policy, `Condition` is a block of tests.
        if (typeof argument === "string") return scope.condition(argument);
        break;
      case "Fn::If":
        return go(scope.condition(String(list[0])) ? list[1] : list[2]);
      case "Fn::Not":
        return go(list[0]) !== true;
      case "Fn::Equals":
        return String(go(list[0])) === String(go(list[1]));
      case "Fn::And":
        return list.every((one) => go(one) === true);
      case "Fn::Or":
        return list.some((one) => go(one) === true);
      case "Fn::GetAtt":
        return scope.attribute(String(list[0]), String(list[1]));
      case "Fn::Sub":
        return String(argument).replace(/\$\{([^!}][^}]*)\}/g, (_, path: string) => {
          const [id = "", ...rest] = path.includes("::") ? [path] : path.split(".");
          return String(
            rest.length > 0 ? scope.attribute(id, rest.join(".")) : reference(path, scope),
          );
        });
      default:
        throw invalid(`The stand-in does not know ${name}`);
    }
  }
  return Object.fromEntries(
    entries.map(([key, child]) => [key, go(child)] as const)
      .filter((pair): pair is readonly [string, Json] => pair[1] !== NO_VALUE),
  );
}

function reference(name: string, scope: Scope): Value {
  if (!(name in scope.values)) throw invalid(`Unresolved resource dependencies [${name}]`);
  return scope.values[name] as Value;
}

/** An attribute of a resource. Ids depend only on the stack and the logical id. */
function attributeOf(
  type: string,
  id: string,
  name: string,
  properties: Readonly<Record<string, Json>>,
  { stackName, region, accountId, stackId }: Place,
): Value {
  const hash = createHash("sha256").update(`${stackId}/${id}`).digest("hex");
  const generated = `${stackName}-${id}-${hash.slice(0, 12)}`;
  const is = (service: string) => type === `AWS::${service}`;
  if (is("S3::Bucket")) {
    const bucket = String(properties["BucketName"] ?? generated.toLowerCase());
    if (name === "Ref") return bucket;
    if (name === "Arn") return `arn:aws:s3:::${bucket}`;
    if (name === "RegionalDomainName") return `${bucket}.s3.${region}.amazonaws.com`;
  }
  if (is("CloudFront::Distribution")) {
    if (name === "Ref") return `E${hash.slice(0, 13).toUpperCase()}`;
    if (name === "DomainName") return `d${hash.slice(0, 13)}.cloudfront.net`;
  }
  if (is("CloudFront::Function")) {
    const arn = `arn:aws:cloudfront::${accountId}:function/${String(properties["Name"])}`;
    if (name === "Ref" || name === "FunctionMetadata.FunctionARN") return arn;
  }
  if (is("SNS::Topic") && name === "Ref") return `arn:aws:sns:${region}:${accountId}:${generated}`;
  if (is("Logs::LogGroup") && name === "Arn") {
    return `arn:aws:logs:${region}:${accountId}:log-group:${generated}:*`;
  }
  if (is("Logs::DeliveryDestination") && name === "Arn") {
    return `arn:aws:logs:${region}:${accountId}:delivery-destination:${String(properties["Name"])}`;
  }
  if (type.startsWith("AWS::Logs::Delivery") && name === "Ref") {
    return String(properties["Name"] ?? hash.slice(0, 16));
  }
  if (name === "Ref" || name === "Id") return generated;
  throw invalid(`Template error: resource ${id} does not support attribute type ${name}`);
}
