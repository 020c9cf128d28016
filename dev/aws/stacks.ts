import { AwsProblem, invalid } from "./problem.ts";
import { type Place, type Resolved, type ResolvedResource, resolveTemplate } from "./resolve.ts";
import { parseTemplate } from "./template.ts";
import type { Xml } from "./xml.ts";

/** A `ResourceChange` of a change set. */
export type Change = {
  readonly Action: "Add" | "Modify" | "Remove";
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly Replacement?: "True" | "False";
  readonly Details: Xml;
};

export interface ChangeSet {
  readonly name: string;
  readonly next: Resolved;
  readonly changes: readonly Change[];
  status: "CREATE_IN_PROGRESS" | "CREATE_COMPLETE" | "FAILED";
  reason?: string;
}

export interface Stack {
  readonly place: Place;
  readonly id: string;
  status: string;
  current: Resolved | undefined;
  readonly changeSets: Map<string, ChangeSet>;
  /** `StackEvent`s, the newest first. */
  readonly events: Xml[];
  /** Steps still to do; one is done each time the stack is described. */
  readonly steps: (() => void)[];
}

/** Properties whose change replaces the resource. Source: each type's reference, "Update requires". */
const CREATE_ONLY: Readonly<Record<string, readonly string[]>> = {
  "AWS::S3::Bucket": ["BucketName"],
  "AWS::S3::BucketPolicy": ["Bucket"],
  "AWS::CloudFront::Function": ["Name"],
  "AWS::SNS::Subscription": ["Endpoint", "Protocol", "TopicArn"],
  "AWS::Logs::DeliverySource": ["Name"],
  "AWS::Logs::DeliveryDestination": ["Name", "DestinationResourceArn"],
};

const NOTHING_NEW =
  "The submitted information didn't contain changes. Submit different information to create a " +
  "change set.";

/** A first creation that failed leaves a stack that can only be deleted. */
const DEAD = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"];

/** All stacks of the stand-in. */
export class Stacks {
  readonly #stacks: Stack[] = [];
  #failing: { readonly logicalId: string; readonly reason: string } | undefined;

  /** @param apply creates the resources of a finished stack */
  constructor(private readonly apply: (stack: Stack) => void) {}

  #known(region: string, nameOrId: string): Stack | undefined {
    return this.#stacks.find(({ place, id }) =>
      place.region === region && (place.stackName === nameOrId || id === nameOrId)
    );
  }

  find(region: string, nameOrId: string): Stack {
    const stack = this.#known(region, nameOrId);
    if (stack) return stack;
    throw invalid(`Stack with id ${nameOrId} does not exist`);
  }

  createChangeSet(request: {
    readonly place: Place;
    readonly name: string;
    readonly type: string;
    readonly template: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly previous: readonly string[];
  }): { readonly stack: Stack; readonly changeSet: ChangeSet } {
    const { place, name } = request;
    let stack = this.#known(place.region, place.stackName);
    const exists = stack !== undefined && stack.status !== "REVIEW_IN_PROGRESS";
    if (request.type === "CREATE" && exists) {
      throw new AwsProblem(400, "AlreadyExistsException", `Stack [${place.stackName}] exists`);
    }
    if (request.type !== "CREATE" && !exists) {
      throw invalid(`Stack [${place.stackName}] does not exist`);
    }
    if (stack && exists && (stack.status.endsWith("_IN_PROGRESS") || DEAD.includes(stack.status))) {
      throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    const before = stack?.current;
    const parameters: Record<string, string> = { ...request.parameters };
    for (const key of request.previous) {
      const value = before?.parameters[key];
      if (value === undefined) {
        throw invalid(`Invalid input for parameter key ${key}. No previous value`);
      }
      parameters[key] = value;
    }
    const next = resolveTemplate(parseTemplate(request.template), parameters, place);
    if (!stack) this.#stacks.push(stack = newStack(place));
    if (stack.changeSets.has(name)) {
      throw new AwsProblem(400, "AlreadyExistsException", `ChangeSet ${name} exists`);
    }
    const changes = difference(before, next);
    const changeSet: ChangeSet = { name, next, changes, status: "CREATE_IN_PROGRESS" };
    stack.changeSets.set(name, changeSet);
    stack.steps.push(() => {
      const same = before && changes.length === 0 &&
        JSON.stringify(before.outputs) === JSON.stringify(next.outputs);
      changeSet.status = same ? "FAILED" : "CREATE_COMPLETE";
      if (same) changeSet.reason = NOTHING_NEW;
    });
    return { stack, changeSet };
  }

  execute(stack: Stack, changeSet: ChangeSet) {
    if (changeSet.status !== "CREATE_COMPLETE") {
      throw new AwsProblem(
        400,
        "InvalidChangeSetStatus",
        `ChangeSet [${changeSet.name}] cannot be executed in its current status`,
      );
    }
    const verb = stack.current ? "UPDATE" : "CREATE";
    const rollback = verb === "CREATE" ? "ROLLBACK" : "UPDATE_ROLLBACK";
    stack.changeSets.clear();
    setStatus(stack, `${verb}_IN_PROGRESS`, "User Initiated");
    let broken = false;
    for (const { LogicalResourceId: id, ResourceType: type } of changeSet.changes) {
      stack.steps.push(() => {
        if (broken) return;
        const reason = this.#failing?.logicalId === id ? this.#failing.reason : undefined;
        broken = reason !== undefined;
        record(stack, id, type, `${verb}_${broken ? "FAILED" : "COMPLETE"}`, reason);
        if (broken) setStatus(stack, `${rollback}_IN_PROGRESS`);
      });
    }
    stack.steps.push(() => {
      if (broken) return setStatus(stack, `${rollback}_COMPLETE`);
      stack.current = changeSet.next;
      this.apply(stack);
      setStatus(stack, `${verb}_COMPLETE`);
    });
  }

  /** Does the next step of a stack. */
  advance(stack: Stack): void {
    stack.steps.shift()?.();
  }

  /** Deletes a stack that was never created; this stand-in deletes no other. */
  delete(stack: Stack): void {
    if (stack.status !== "REVIEW_IN_PROGRESS") {
      throw invalid("The stand-in deletes only stacks that hold nothing");
    }
    this.#stacks.splice(this.#stacks.indexOf(stack), 1);
  }

  /** Executions fail at this resource and are rolled back, until called with `undefined`. */
  fail(at: { readonly logicalId: string; readonly reason: string } | undefined): void {
    this.#failing = at;
  }
}

function newStack(place: Place): Stack {
  const { stackName, region, accountId } = place;
  const stack: Stack = {
    place,
    id: `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${crypto.randomUUID()}`,
    status: "",
    current: undefined,
    changeSets: new Map(),
    events: [],
    steps: [],
  };
  setStatus(stack, "REVIEW_IN_PROGRESS");
  return stack;
}

function setStatus(stack: Stack, status: string, reason?: string): void {
  stack.status = status;
  record(stack, stack.place.stackName, "AWS::CloudFormation::Stack", status, reason);
}

function record(stack: Stack, logicalId: string, type: string, status: string, reason?: string) {
  stack.events.unshift({
    EventId: crypto.randomUUID(),
    StackId: stack.id,
    StackName: stack.place.stackName,
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    Timestamp: new Date().toISOString(),
  });
}

function difference(before: Resolved | undefined, next: Resolved): readonly Change[] {
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
