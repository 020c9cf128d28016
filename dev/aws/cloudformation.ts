import { AwsProblem } from "./problem.ts";
import { parseTemplate, type Template } from "./template.ts";
import type { ChangeSet, Stack, Stacks } from "./stacks.ts";
import { type Xml, xmlResponse } from "./xml.ts";

/** Answers CloudFormation's query protocol. */
export function handleCloudFormation(
  form: URLSearchParams,
  region: string,
  accountId: string,
  stacks: Stacks,
): Response {
  const field = (name: string) => form.get(name) ?? "";
  const action = field("Action");
  const answer = (result: Xml) => xmlResponse(`${action}Response`, { [`${action}Result`]: result });
  const find = () => stacks.find(region, field("StackName"));
  const findChangeSet = (stack: Stack): ChangeSet => {
    const found = stack.changeSets.get(field("ChangeSetName"));
    if (found) return found;
    throw new AwsProblem(404, "ChangeSetNotFound", `ChangeSet ${field("ChangeSetName")} not found`);
  };
  switch (action) {
    case "DescribeStacks": {
      const stack = find();
      stacks.advance(stack);
      return answer({ Stacks: { member: describeStack(stack) } });
    }
    case "DescribeStackEvents":
      return answer({ StackEvents: { member: find().events } });
    case "CreateChangeSet": {
      const { stack, changeSet } = stacks.createChangeSet({
        place: { stackName: field("StackName"), region, accountId },
        name: field("ChangeSetName"),
        type: field("ChangeSetType") || "UPDATE",
        template: field("TemplateBody"),
        ...readParameters(form),
      });
      return answer({ Id: changeSet.name, StackId: stack.id });
    }
    case "DescribeChangeSet": {
      const stack = find();
      const { name, status, reason, changes } = findChangeSet(stack);
      stacks.advance(stack);
      const isReady = status === "CREATE_COMPLETE";
      const member = changes.map((one) => ({ Type: "Resource", ResourceChange: one }));
      return answer({
        ChangeSetName: name,
        StackName: stack.place.stackName,
        Status: status,
        StatusReason: reason,
        ExecutionStatus: isReady ? "AVAILABLE" : "UNAVAILABLE",
        Changes: { member: isReady ? member : [] },
      });
    }
    case "ExecuteChangeSet":
      stacks.execute(find(), findChangeSet(find()));
      return answer({});
    case "DeleteChangeSet":
      find().changeSets.delete(field("ChangeSetName"));
      return answer({});
    case "DeleteStack":
      stacks.delete(region, field("StackName"));
      return answer({});
    case "ValidateTemplate": {
      const { Description, ...template } = parseTemplate(field("TemplateBody"));
      return answer({ Description, Parameters: { member: declarations(template) } });
    }
    case "GetTemplateSummary": {
      const { Description, ...template } = parseTemplate(field("TemplateBody"));
      const types = new Set(Object.values(template.Resources).map((one) => one.Type));
      return answer({
        Description,
        Parameters: { member: declarations(template) },
        ResourceTypes: { member: [...types].sort() },
        Version: "2010-09-09",
      });
    }
    default:
      throw new AwsProblem(400, "InvalidAction", `Could not find operation ${action}`);
  }
}

function declarations({ Parameters = {} }: Template): Xml[] {
  return Object.entries(Parameters).map(([name, one]) => ({
    ParameterKey: name,
    ParameterType: one.Type,
    DefaultValue: one.Default === undefined ? undefined : String(one.Default),
    NoEcho: String(one.NoEcho ?? false),
    Description: one.Description,
  }));
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
