import { AwsProblem, invalid } from "./problem.ts";
import { type Change, difference } from "./changes.ts";
import { type Place, type Resolved, type ResolvedResource, resolveTemplate } from "./resolve.ts";
import { parseTemplate } from "./template.ts";
import type { Xml } from "./xml.ts";

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

const NOTHING_NEW =
  "The submitted information didn't contain changes. Submit different information to create a " +
  "change set.";

/** A first creation that failed leaves a stack that can only be deleted. */
const DEAD = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"];

/** What the stacks create and delete. */
export interface StackResources {
  /** Creates or updates the resources of a finished stack. */
  apply(stack: Stack): void;
  /** Whether a resource with this id exists outside the stack. */
  isTaken(resource: ResolvedResource): boolean;
  /** Deletes a resource; returns AWS's reason if that cannot be done. */
  remove(resource: ResolvedResource): string | undefined;
}

/** All stacks of the stand-in. */
export class Stacks {
  readonly #stacks: Stack[] = [];
  #failing: { readonly logicalId: string; readonly reason: string } | undefined;

  constructor(private readonly resources: StackResources) {}

  /** A deleted stack is known only by its id. */
  #known(region: string, nameOrId: string): Stack | undefined {
    return this.#stacks.find(({ place, id, status }) =>
      place.region === region &&
      (id === nameOrId || (place.stackName === nameOrId && status !== "DELETE_COMPLETE"))
    );
  }

  find(region: string, nameOrId: string): Stack {
    const stack = this.#known(region, nameOrId);
    if (stack) return stack;
    throw invalid(`Stack with id ${nameOrId} does not exist`);
  }

  createChangeSet(request: {
    readonly place: Omit<Place, "stackId">;
    readonly name: string;
    readonly type: string;
    readonly template: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly previous: readonly string[];
  }): { readonly stack: Stack; readonly changeSet: ChangeSet } {
    const { name } = request;
    let stack = this.#known(request.place.region, request.place.stackName);
    const place = stack?.place ?? { ...request.place, stackId: stackId(request.place) };
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
    const previous = new Set(stack.current?.resources.map((one) => one.physicalId));
    const verb = stack.current ? "UPDATE" : "CREATE";
    const rollback = verb === "CREATE" ? "ROLLBACK" : "UPDATE_ROLLBACK";
    stack.changeSets.clear();
    setStatus(stack, `${verb}_IN_PROGRESS`, "User Initiated");
    let broken = false;
    for (const { LogicalResourceId: id, ResourceType: type } of changeSet.changes) {
      stack.steps.push(() => {
        if (broken) return;
        const resource = changeSet.next.resources.find((one) => one.logicalId === id);
        const taken = resource !== undefined && !previous.has(resource.physicalId) &&
          this.resources.isTaken(resource);
        const reason = this.#failureAt(id) ?? (taken ? `${resource.physicalId} exists` : undefined);
        broken = reason !== undefined;
        record(stack, id, type, `${verb}_${broken ? "FAILED" : "COMPLETE"}`, reason);
        if (broken) setStatus(stack, `${rollback}_IN_PROGRESS`);
      });
    }
    stack.steps.push(() => {
      if (broken) return setStatus(stack, `${rollback}_COMPLETE`);
      stack.current = changeSet.next;
      this.resources.apply(stack);
      setStatus(stack, `${verb}_COMPLETE`);
    });
  }

  /** Does the next step of a stack. */
  advance(stack: Stack): void {
    stack.steps.shift()?.();
  }

  /**
   * Deletes a stack, the last resource first; those with the deletion policy `Retain` are kept. A
   * stack that does not exist is deleted already.
   */
  delete(region: string, nameOrId: string): void {
    const stack = this.#known(region, nameOrId);
    if (!stack || stack.status.startsWith("DELETE_") && stack.status !== "DELETE_FAILED") return;
    if (/^UPDATE_.*_IN_PROGRESS$/.test(stack.status)) {
      throw invalid(`Stack [${stack.place.stackName}] cannot be deleted while ${stack.status}`);
    }
    stack.changeSets.clear();
    stack.steps.length = 0;
    if (stack.status === "REVIEW_IN_PROGRESS") {
      this.#stacks.splice(this.#stacks.indexOf(stack), 1);
      return;
    }
    setStatus(stack, "DELETE_IN_PROGRESS", "User Initiated");
    let broken = false;
    for (const resource of [...stack.current?.resources ?? []].reverse()) {
      const { logicalId, type, retained } = resource;
      stack.steps.push(() => {
        if (retained) return record(stack, logicalId, type, "DELETE_SKIPPED");
        const reason = this.#failureAt(logicalId) ?? this.resources.remove(resource);
        broken ||= reason !== undefined;
        record(stack, logicalId, type, reason ? "DELETE_FAILED" : "DELETE_COMPLETE", reason);
      });
    }
    stack.steps.push(() => setStatus(stack, broken ? "DELETE_FAILED" : "DELETE_COMPLETE"));
  }

  #failureAt(logicalId: string): string | undefined {
    return this.#failing?.logicalId === logicalId ? this.#failing.reason : undefined;
  }

  /** Executions and deletions fail at this resource, executions are rolled back, until called with `undefined`. */
  fail(at: { readonly logicalId: string; readonly reason: string } | undefined): void {
    this.#failing = at;
  }
}

function stackId({ stackName, region, accountId }: Omit<Place, "stackId">): string {
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${crypto.randomUUID()}`;
}

function newStack(place: Place): Stack {
  const stack: Stack = {
    place,
    id: place.stackId,
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
