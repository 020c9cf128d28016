import type { Resolved, ResolvedResource } from "./resolve.ts";
import type { Xml } from "./xml.ts";

/** A `ResourceChange` of a change set. */
export type Change = {
  readonly Action: "Add" | "Modify" | "Remove";
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly Replacement?: "True" | "False";
  readonly Details: Xml;
};

/** Properties whose change replaces the resource. Source: each type's reference, "Update requires". */
const CREATE_ONLY: Readonly<Record<string, readonly string[]>> = {
  "AWS::S3::Bucket": ["BucketName"],
  "AWS::S3::BucketPolicy": ["Bucket"],
  "AWS::CloudFront::Function": ["Name"],
  "AWS::SNS::Subscription": ["Endpoint", "Protocol", "TopicArn"],
  "AWS::Logs::DeliverySource": ["Name"],
  "AWS::Logs::DeliveryDestination": ["Name", "DestinationResourceArn"],
};

/** The changes that make `next` of a stack. */
export function difference(before: Resolved | undefined, next: Resolved): readonly Change[] {
  const old = new Map(before?.resources.map((one) => [one.logicalId, one]));
  const changes: Change[] = [];
  for (const resource of next.resources) {
    const { logicalId: LogicalResourceId, type: ResourceType } = resource;
    const known = old.get(LogicalResourceId);
    old.delete(LogicalResourceId);
    const base = { LogicalResourceId, ResourceType };
    if (!known) {
      changes.push({ Action: "Add", ...base, Details: { member: [] } });
      continue;
    }
    const names = changedProperties(known, resource);
    if (names.length === 0) continue;
    const replaced = known.type !== ResourceType ||
      names.some((name) => CREATE_ONLY[ResourceType]?.includes(name));
    const member = names.map((Name) => ({ Target: { Attribute: "Properties", Name } }));
    const Replacement = replaced ? "True" : "False";
    changes.push({ Action: "Modify", ...base, Replacement, Details: { member } });
  }
  for (const { logicalId: LogicalResourceId, type: ResourceType } of old.values()) {
    changes.push({ Action: "Remove", LogicalResourceId, ResourceType, Details: { member: [] } });
  }
  return changes;
}

function changedProperties(before: ResolvedResource, next: ResolvedResource): string[] {
  const names = new Set([...Object.keys(before.properties), ...Object.keys(next.properties)]);
  return [...names].filter((name) =>
    JSON.stringify(before.properties[name]) !== JSON.stringify(next.properties[name])
  );
}
