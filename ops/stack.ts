import {
  type CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import type { Dependencies } from "./dependencies.ts";
import { Failure, isAws } from "./failure.ts";

export async function describeStack(
  client: CloudFormationClient,
  name: string,
): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if (isAws(error, "ValidationError") && /does not exist/.test(String(error))) return undefined;
    throw error;
  }
}

export function outputsOf(stack: Stack | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (stack?.Outputs ?? []).map((one) => [one.OutputKey ?? "", one.OutputValue ?? ""]),
  );
}

export function showOutputs(
  outputs: Readonly<Record<string, string>>,
  { print }: Pick<Dependencies, "print">,
): void {
  for (const [key, value] of Object.entries(outputs)) print(`  ${key.padEnd(20)}${value}`);
}

/**
 * Bucket and URL, without a trailing slash, of a deployed stack. `cdnUrl` overrides the stack's URL.
 */
export async function cdnPlace(
  client: CloudFormationClient,
  stackName: string,
  cdnUrl: string | undefined,
) {
  const stack = await describeStack(client, stackName);
  const { BucketName: bucket, Url: url } = outputsOf(stack);
  if (!bucket || !url) {
    throw new Failure(
      `The stack ${stackName} does not exist, or has no bucket yet`,
      "check --stack-name and --region, or deploy first: deno task cdn:deploy",
    );
  }
  return { bucket, url: (cdnUrl ?? url).replace(/\/+$/, "") };
}
