import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
  type Parameter,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { Failure } from "./failure.ts";
import { describeStack, outputsOf } from "./stack.ts";
import type { Dependencies } from "./dependencies.ts";

interface WantedStack {
  readonly name: string;
  readonly template: string;
  /** Parameters to set; every other one keeps its value. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly known: readonly string[];
}

const POLL_MS = 3_000;
const CHANGE_SET_DEADLINE_MS = 5 * 60_000;
/** A new distribution takes minutes to reach every edge location. */
const STACK_DEADLINE_MS = 45 * 60_000;

/** Losing one of these would change the address on every page, or lose published files. */
const IRREPLACEABLE = ["AWS::S3::Bucket", "AWS::CloudFront::Distribution"];

/**
 * Creates or updates a stack by a change set: shows the changes, refuses any that would lose the
 * bucket or the distribution, makes them, and waits. Having nothing to change is a success. Returns
 * the stack's outputs.
 */
export async function deployStack(
  client: CloudFormationClient,
  wanted: WantedStack,
  dryRun: boolean,
  dependencies: Dependencies,
): Promise<Readonly<Record<string, string>>> {
  const before = await describeStack(client, wanted.name);
  refuseUnready(wanted.name, before);
  const isNew = before === undefined || before.StackStatus === "REVIEW_IN_PROGRESS";
  const name = `deploy-${Date.now().toString(36)}`;
  const target = { StackName: wanted.name, ChangeSetName: name };
  await client.send(
    new CreateChangeSetCommand({
      ...target,
      ChangeSetType: isNew ? "CREATE" : "UPDATE",
      TemplateBody: wanted.template,
      Parameters: parametersOf(wanted, isNew ? undefined : before),
    }),
  );
  const discard = async () => {
    await client.send(new DeleteChangeSetCommand(target));
    // Creating a change set for a new stack leaves an empty stack behind.
    if (isNew) await client.send(new DeleteStackCommand({ StackName: wanted.name }));
  };

  const set = await waitForChangeSet(client, target, dependencies);
  if (set.Status === "FAILED") {
    await discard();
    if (/didn't contain changes|No updates are to be performed/.test(set.StatusReason ?? "")) {
      dependencies.print(`${wanted.name}: nothing to change`);
      return outputsOf(before);
    }
    throw new Failure(
      `${wanted.name}: ${set.StatusReason ?? "the change set failed"}`,
      "fix what the message names and deploy again; nothing was changed",
    );
  }
  showChanges(wanted.name, set.Changes ?? [], dependencies);
  const losses = (set.Changes ?? []).filter(isLoss);
  if (losses.length > 0) {
    await discard();
    const names = losses.map((one) => one.ResourceChange?.LogicalResourceId).join(", ");
    throw new Failure(
      `${wanted.name}: these changes would replace or remove ${names}; nothing was changed`,
      "keep the bucket's name and the template's resource names; to change them, deploy a second stack " +
        "with another --stack-name, publish to it, and point the function at it",
    );
  }
  if (dryRun) {
    await discard();
    dependencies.print(`${wanted.name}: dry run, nothing was changed`);
    return outputsOf(before);
  }
  await client.send(new ExecuteChangeSetCommand(target));
  return outputsOf(await waitForStack(client, wanted.name, dependencies));
}

function refuseUnready(name: string, stack: Stack | undefined): void {
  const status = stack?.StackStatus ?? "";
  if (["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"].includes(status)) {
    throw new Failure(
      `${name} is in ${status}: its first creation failed, so it can only be deleted`,
      `read the events in the CloudFormation console, then: aws cloudformation delete-stack --stack-name ${name}`,
    );
  }
  if (/_IN_PROGRESS$/.test(status) && status !== "REVIEW_IN_PROGRESS") {
    throw new Failure(`${name} is in ${status}: somebody is deploying it`, "wait, then try again");
  }
}

function parametersOf(wanted: WantedStack, before: Stack | undefined): Parameter[] {
  const had = new Set((before?.Parameters ?? []).map((one) => one.ParameterKey));
  return wanted.known.flatMap((name): Parameter[] => {
    const value = wanted.parameters[name];
    if (value !== undefined) return [{ ParameterKey: name, ParameterValue: value }];
    return had.has(name) ? [{ ParameterKey: name, UsePreviousValue: true }] : [];
  });
}

async function waitForChangeSet(
  client: CloudFormationClient,
  target: { readonly StackName: string; readonly ChangeSetName: string },
  dependencies: Dependencies,
): Promise<DescribeChangeSetOutput> {
  const deadline = Date.now() + CHANGE_SET_DEADLINE_MS;
  const changes: Change[] = [];
  for (let token: string | undefined;;) {
    const set = await client.send(
      new DescribeChangeSetCommand({ ...target, ...(token ? { NextToken: token } : {}) }),
    );
    if (set.Status === "FAILED") return set;
    if (set.Status === "CREATE_COMPLETE") {
      changes.push(...set.Changes ?? []);
      token = set.NextToken;
      if (!token) return { ...set, Changes: changes };
      continue;
    }
    if (Date.now() > deadline) {
      throw new Failure("The change set was not ready within 5 minutes", "try again");
    }
    await dependencies.sleep(POLL_MS);
  }
}

function isLoss({ ResourceChange: change }: Change): boolean {
  return IRREPLACEABLE.includes(change?.ResourceType ?? "") &&
    (change?.Action === "Remove" || (change?.Replacement ?? "False") !== "False");
}

function showChanges(name: string, changes: readonly Change[], dependencies: Dependencies): void {
  dependencies.print(`${name}: ${changes.length} change${changes.length === 1 ? "" : "s"}`);
  for (const { ResourceChange: change } of changes) {
    if (!change) continue;
    const replaced = change.Replacement && change.Replacement !== "False"
      ? `  REPLACES it (${change.Replacement})`
      : "";
    const properties = [...new Set((change.Details ?? []).map((one) => one.Target?.Name))];
    const what = properties.length > 0 ? `  ${properties.join(", ")}` : "";
    dependencies.print(
      `  ${(change.Action ?? "").padEnd(7)}${(change.LogicalResourceId ?? "").padEnd(22)}` +
        `${change.ResourceType}${what}${replaced}`,
    );
  }
}

/**
 * Waits until a stack is deployed, and prints its events. If AWS rolls it back, throws a failure that
 * names the first cause.
 */
async function waitForStack(
  client: CloudFormationClient,
  name: string,
  dependencies: Dependencies,
) {
  const deadline = Date.now() + STACK_DEADLINE_MS;
  const began = Date.now() - 5_000;
  const seen = new Set<string>();
  const causes: string[] = [];
  for (;;) {
    const stack = await describeStack(client, name);
    const { StackEvents: events = [] } = await client.send(
      new DescribeStackEventsCommand({ StackName: name }),
    );
    for (const event of events.toReversed()) {
      const id = event.EventId ?? "";
      if (seen.has(id) || (event.Timestamp?.getTime() ?? 0) < began) continue;
      seen.add(id);
      const status = event.ResourceStatus ?? "";
      const reason = event.ResourceStatusReason;
      if (/_FAILED$/.test(status) && reason && !/cancelled/i.test(reason)) {
        causes.push(`${event.LogicalResourceId}: ${reason}`);
      }
      dependencies.print(
        `  ${status.padEnd(28)}${event.LogicalResourceId}${reason ? `  ${reason}` : ""}`,
      );
    }
    const status = stack?.StackStatus ?? "";
    if (stack && /^(CREATE|UPDATE)_COMPLETE(_CLEANUP_IN_PROGRESS)?$/.test(status)) return stack;
    if (/(ROLLBACK_COMPLETE|_FAILED)$/.test(status)) {
      throw new Failure(
        `${name} is in ${status}. First cause: ${causes[0] ?? "see its events"}`,
        "fix the cause and deploy again; the stack is as it was before",
      );
    }
    if (Date.now() > deadline) {
      throw new Failure(
        `${name} is still in ${status}`,
        "read its events in the CloudFormation console",
      );
    }
    await dependencies.sleep(POLL_MS);
  }
}
