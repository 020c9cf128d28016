import {
  type CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { Failure, isAws } from "./failure.ts";

/** A stack as it stands, or undefined where there is none (an empty one in review counts as none). */
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

/** Outputs of a stack by name. */
export function outputsOf(stack: Stack | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (stack?.Outputs ?? []).map((one) => [one.OutputKey ?? "", one.OutputValue ?? ""]),
  );
}

/** Where files go and come from. */
export interface CdnPlace {
  readonly bucket: string;
  /** Without a slash at the end. */
  readonly url: string;
}

/** Bucket and URL of a deployed stack; `cdnUrl` wins over the stack's own. */
export async function cdnPlace(
  client: CloudFormationClient,
  stackName: string,
  cdnUrl: string | undefined,
): Promise<CdnPlace> {
  const stack = await describeStack(client, stackName);
  const { BucketName: bucket, Url: url } = outputsOf(stack);
  if (!bucket || !url) {
    throw new Failure(
      `The stack ${stackName} is not there, or has no bucket yet`,
      "check --stack-name and --region, or deploy first: deno task cdn:deploy",
    );
  }
  return { bucket, url: (cdnUrl ?? url).replace(/\/+$/, "") };
}
