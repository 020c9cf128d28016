import { AwsProblem } from "./problem.ts";
import { type Place, type Resolved, type ResolvedResource, resolveTemplate } from "./resolve.ts";
import { parseTemplate } from "./template.ts";

/** One line of a change set. */
export interface Change {
  readonly action: "Add" | "Modify" | "Remove";
  readonly logicalId: string;
  readonly type: string;
  /** Given for `Modify` alone. */
  readonly replacement?: "True" | "False";
  readonly properties: readonly string[];
}

/** A change set on its way. */
export interface ChangeSet {
  readonly name: string;
  readonly next: Resolved;
  readonly changes: readonly Change[];
  status: "CREATE_IN_PROGRESS" | "CREATE_COMPLETE" | "FAILED";
  reason?: string;
}

/** What happened to a resource, for people who wait. */
export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly at: Date;
}

/** A stack. */
export interface Stack {
  readonly place: Place;
  readonly id: string;
  status: string;
  current: Resolved | undefined;
  readonly changeSets: Map<string, ChangeSet>;
  readonly events: StackEvent[];
  /** Steps still to take; one is taken each time somebody looks. */
  readonly steps: (() => void)[];
  changedAt: Date;
}

/** Properties whose change means another resource. Source: each type's reference, "Update requires". */
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

/** All stacks of the stand-in. `apply` makes a finished stack's resources real. */
export function createStacks(now: () => Date, apply: (stack: Stack) => void) {
  const stacks = new Map<string, Stack>();
  let failing: { readonly logicalId: string; readonly reason: string } | undefined;
  let ids = 0;

  const key = (region: string, name: string) => `${region}/${name}`;

  function find(region: string, nameOrId: string): Stack {
    const found = [...stacks.values()].find((one) =>
      one.place.region === region && (one.place.stackName === nameOrId || one.id === nameOrId)
    );
    if (found) return found;
    throw invalid(`Stack with id ${nameOrId} does not exist`);
  }

  function record(stack: Stack, logicalId: string, type: string, status: string, reason?: string) {
    stack.changedAt = now();
    stack.events.unshift({
      id: String(++ids),
      logicalId,
      type,
      status,
      at: now(),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  function setStatus(stack: Stack, status: string, reason?: string) {
    stack.status = status;
    record(stack, stack.place.stackName, "AWS::CloudFormation::Stack", status, reason);
  }

  function createChangeSet(request: {
    readonly place: Place;
    readonly name: string;
    readonly type: string;
    readonly template: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly previous: readonly string[];
  }): { readonly stack: Stack; readonly changeSet: ChangeSet } {
    const { place } = request;
    let stack = stacks.get(key(place.region, place.stackName));
    const exists = stack !== undefined && stack.status !== "REVIEW_IN_PROGRESS";
    if (request.type === "CREATE" && exists) {
      throw new AwsProblem(400, "AlreadyExistsException", `Stack [${place.stackName}] exists`);
    }
    if (request.type !== "CREATE" && !exists) {
      throw invalid(`Stack [${place.stackName}] does not exist`);
    }
    if (stack && (/_IN_PROGRESS$/.test(stack.status) && exists || isDead(stack.status))) {
      throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    const before = stack?.current;
    const missing = request.previous.find((name) => before?.parameters[name] === undefined);
    if (missing) throw invalid(`Invalid input for parameter key ${missing}. No previous value`);
    const kept = request.previous.map((name) => [name, before?.parameters[name] ?? ""] as const);
    const next = resolveTemplate(parseTemplate(request.template), {
      ...request.parameters,
      ...Object.fromEntries(kept),
    }, place);
    stack ??= newStack(place);
    if (stack.changeSets.has(request.name)) {
      throw new AwsProblem(400, "AlreadyExistsException", `ChangeSet ${request.name} exists`);
    }
    const changeSet: ChangeSet = {
      name: request.name,
      next,
      changes: difference(before, next),
      status: "CREATE_IN_PROGRESS",
    };
    stack.changeSets.set(request.name, changeSet);
    stack.steps.push(() => {
      const same = before && changeSet.changes.length === 0 &&
        JSON.stringify(before.outputs) === JSON.stringify(next.outputs);
      changeSet.status = same ? "FAILED" : "CREATE_COMPLETE";
      if (same) changeSet.reason = NOTHING_NEW;
    });
    return { stack, changeSet };
  }

  function newStack(place: Place): Stack {
    const stack: Stack = {
      place,
      id: `arn:aws:cloudformation:${place.region}:${place.accountId}:stack/${place.stackName}/` +
        crypto.randomUUID(),
      status: "REVIEW_IN_PROGRESS",
      current: undefined,
      changeSets: new Map(),
      events: [],
      steps: [],
      changedAt: now(),
    };
    stacks.set(key(place.region, place.stackName), stack);
    setStatus(stack, "REVIEW_IN_PROGRESS");
    return stack;
  }

  function execute(stack: Stack, changeSet: ChangeSet) {
    if (changeSet.status !== "CREATE_COMPLETE") {
      throw new AwsProblem(
        400,
        "InvalidChangeSetStatus",
        `ChangeSet [${changeSet.name}] cannot be executed in its current status`,
      );
    }
    const verb = stack.current ? "UPDATE" : "CREATE";
    const before = stack.current;
    stack.changeSets.clear();
    setStatus(stack, `${verb}_IN_PROGRESS`, "User Initiated");
    let broken = false;
    for (const change of changeSet.changes) {
      stack.steps.push(() => {
        if (broken) return;
        const reason = failing?.logicalId === change.logicalId ? failing.reason : undefined;
        broken = reason !== undefined;
        const status = broken ? `${verb}_FAILED` : `${verb}_COMPLETE`;
        record(stack, change.logicalId, change.type, status, reason);
        if (broken) setStatus(stack, `${verb === "CREATE" ? "" : "UPDATE_"}ROLLBACK_IN_PROGRESS`);
      });
    }
    stack.steps.push(() => {
      if (broken) {
        stack.current = before;
        return setStatus(
          stack,
          verb === "CREATE" ? "ROLLBACK_COMPLETE" : "UPDATE_ROLLBACK_COMPLETE",
        );
      }
      stack.current = changeSet.next;
      apply(stack);
      setStatus(stack, `${verb}_COMPLETE`);
    });
  }

  return {
    find,
    createChangeSet,
    execute,
    /** Time goes on by one step; whoever looks at a stack makes it. */
    advance: (stack: Stack) => void stack.steps.shift()?.(),
    /** Deletes what was never created; this stand-in lets nothing else go. */
    delete(stack: Stack) {
      if (stack.status !== "REVIEW_IN_PROGRESS") {
        throw invalid("The stand-in deletes only stacks that hold nothing");
      }
      stacks.delete(key(stack.place.region, stack.place.stackName));
    },
    /** The next execution fails at this resource and is rolled back; `undefined` heals. */
    fail: (at: { readonly logicalId: string; readonly reason: string } | undefined) =>
      void (failing = at),
  };
}

/** The stacks, for the wire. */
export type Stacks = ReturnType<typeof createStacks>;

/** A first creation that failed leaves a stack that can only be deleted. */
function isDead(status: string): boolean {
  return ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"].includes(status);
}

function difference(before: Resolved | undefined, next: Resolved): readonly Change[] {
  const old = new Map(before?.resources.map((one) => [one.logicalId, one]));
  const changes: Change[] = [];
  for (const resource of next.resources) {
    const { logicalId, type } = resource;
    const known = old.get(logicalId);
    old.delete(logicalId);
    if (!known) {
      changes.push({ action: "Add", logicalId, type, properties: [] });
      continue;
    }
    const properties = changedProperties(known, resource);
    if (properties.length === 0) continue;
    const replaced = known.type !== type ||
      properties.some((name) => CREATE_ONLY[type]?.includes(name));
    const replacement = replaced ? "True" : "False";
    changes.push({ action: "Modify", logicalId, type, replacement, properties });
  }
  for (const { logicalId, type } of old.values()) {
    changes.push({ action: "Remove", logicalId, type, properties: [] });
  }
  return changes;
}

function changedProperties(before: ResolvedResource, next: ResolvedResource): string[] {
  const names = new Set([...Object.keys(before.properties), ...Object.keys(next.properties)]);
  return [...names].filter((name) =>
    JSON.stringify(before.properties[name]) !== JSON.stringify(next.properties[name])
  );
}

function invalid(message: string): AwsProblem {
  return new AwsProblem(400, "ValidationError", message);
}
