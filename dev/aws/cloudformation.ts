import { AwsProblem } from "./problem.ts";
import type { WireRequest } from "./signature.ts";
import type { ChangeSet, Stack, Stacks } from "./stacks.ts";
import { type Xml, xmlResponse } from "./xml.ts";

/** Query protocol of CloudFormation over the stand-in's stacks. */
export function handleCloudFormation(
  request: WireRequest,
  region: string,
  accountId: string,
  stacks: Stacks,
): Response {
  const form = new URLSearchParams(new TextDecoder().decode(request.body));
  const field = (name: string) => form.get(name) ?? "";
  const action = field("Action");
  const answer = (result: Xml) =>
    xmlResponse(`${action}Response`, { [`${action}Result`]: result ?? {} });
  const stack = () => stacks.find(region, field("StackName"));
  const changeSet = (of: Stack): ChangeSet => {
    const found = of.changeSets.get(field("ChangeSetName"));
    if (found) return found;
    throw new AwsProblem(404, "ChangeSetNotFound", `ChangeSet ${field("ChangeSetName")} not found`);
  };
  switch (action) {
    case "DescribeStacks": {
      const one = stack();
      stacks.advance(one);
      return answer({ Stacks: { member: describeStack(one) } });
    }
    case "DescribeStackEvents":
      return answer({
        StackEvents: {
          member: stack().events.map((one) => ({
            EventId: one.id,
            StackId: stack().id,
            StackName: field("StackName"),
            LogicalResourceId: one.logicalId,
            ResourceType: one.type,
            ResourceStatus: one.status,
            ResourceStatusReason: one.reason,
            Timestamp: one.at.toISOString(),
          })),
        },
      });
    case "CreateChangeSet": {
      const { parameters, previous } = readParameters(form);
      const made = stacks.createChangeSet({
        place: { stackName: field("StackName"), region, accountId },
        name: field("ChangeSetName"),
        type: field("ChangeSetType") || "UPDATE",
        template: field("TemplateBody"),
        parameters,
        previous,
      });
      return answer({ Id: made.changeSet.name, StackId: made.stack.id });
    }
    case "DescribeChangeSet": {
      const of = stack();
      const one = changeSet(of);
      const described = describeChangeSet(of, one);
      stacks.advance(of);
      return answer(described);
    }
    case "ExecuteChangeSet":
      stacks.execute(stack(), changeSet(stack()));
      return answer({});
    case "DeleteChangeSet":
      stack().changeSets.delete(field("ChangeSetName"));
      return answer({});
    case "DeleteStack":
      stacks.delete(stack());
      return answer({});
    default:
      throw new AwsProblem(400, "InvalidAction", `Could not find operation ${action}`);
  }
}

function readParameters(form: URLSearchParams) {
  const parameters: Record<string, string> = {};
  const previous: string[] = [];
  for (let i = 1; form.has(`Parameters.member.${i}.ParameterKey`); i++) {
    const name = form.get(`Parameters.member.${i}.ParameterKey`) ?? "";
    const value = form.get(`Parameters.member.${i}.ParameterValue`);
    if (form.get(`Parameters.member.${i}.UsePreviousValue`) === "true") previous.push(name);
    else parameters[name] = value ?? "";
  }
  return { parameters, previous };
}

function describeStack(stack: Stack): Xml {
  const { current } = stack;
  return {
    StackId: stack.id,
    StackName: stack.place.stackName,
    StackStatus: stack.status,
    CreationTime: stack.changedAt.toISOString(),
    LastUpdatedTime: stack.changedAt.toISOString(),
    Parameters: {
      member: Object.entries(current?.parameters ?? {}).map(([name, value]) => ({
        ParameterKey: name,
        ParameterValue: current?.secrets.includes(name) ? "****" : value,
      })),
    },
    Outputs: {
      member: Object.entries(current?.outputs ?? {}).map(([name, value]) => ({
        OutputKey: name,
        OutputValue: value,
      })),
    },
  };
}

function describeChangeSet(stack: Stack, one: ChangeSet): Xml {
  return {
    ChangeSetName: one.name,
    StackName: stack.place.stackName,
    Status: one.status,
    StatusReason: one.reason,
    ExecutionStatus: one.status === "CREATE_COMPLETE" ? "AVAILABLE" : "UNAVAILABLE",
    Changes: {
      member: one.status !== "CREATE_COMPLETE" ? [] : one.changes.map((change) => ({
        Type: "Resource",
        ResourceChange: {
          Action: change.action,
          LogicalResourceId: change.logicalId,
          ResourceType: change.type,
          Replacement: change.replacement,
          Details: {
            member: change.properties.map((name) => ({
              Target: { Attribute: "Properties", Name: name },
            })),
          },
        },
      })),
    },
  };
}
