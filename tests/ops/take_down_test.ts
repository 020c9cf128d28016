/** What docs/operations.md says under "Take the CDN down", carried out. */
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import assert from "node:assert/strict";
import { type Aws, startAws } from "../../dev/aws/aws.ts";
import { deploy } from "../../ops/deploy.ts";
import { looseTest } from "../support/sanitizers.ts";
import { deployedAws, KEY, publishFile, testDependencies, writeSdkFile } from "./support.ts";

const TEMPLATE = new URL("../../ops/stacks/sdk.yaml", import.meta.url);
const STACK = "chime-page-cdn";

function clientOf(aws: Pick<Aws, "url">, region: string): CloudFormationClient {
  return new CloudFormationClient({ endpoint: aws.url, region, credentials: KEY, maxAttempts: 1 });
}

/** Deletes a stack and waits; returns its last status and its events, the newest first. */
async function deleteStack(client: CloudFormationClient, name: string) {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
  const StackName = Stacks?.[0]?.StackId;
  await client.send(new DeleteStackCommand({ StackName: name }));
  let status = "DELETE_IN_PROGRESS";
  while (status === "DELETE_IN_PROGRESS") {
    const answer = await client.send(new DescribeStacksCommand({ StackName }));
    status = answer.Stacks?.[0]?.StackStatus ?? "";
  }
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  return {
    status,
    events: StackEvents.map((one) => `${one.LogicalResourceId} ${one.ResourceStatus}`),
  };
}

looseTest(
  "the CDN is taken down: the bucket and its files are kept, and nobody reads them",
  async () => {
    const cdn = await deployedAws();
    const { aws, bucket, url } = cdn;
    const directory = await Deno.makeTempDir();
    const [ireland, virginia] = [clientOf(aws, "eu-central-1"), clientOf(aws, "us-east-1")];
    try {
      await publishFile(cdn, (await writeSdkFile(directory, "3.32.0", "taken down")).path);
      const files = [...bucket.objects.keys()];
      assert.ok(files.length > 0);
      const served = await fetch(`${url}/${files[0]}`);
      assert.equal(served.status, 200);
      await served.body?.cancel();

      assert.equal((await deleteStack(virginia, `${STACK}-alarms`)).status, "DELETE_COMPLETE");
      const { status, events } = await deleteStack(ireland, STACK);
      assert.equal(status, "DELETE_COMPLETE");
      assert.ok(events.includes("SdkBucket DELETE_SKIPPED"), events.join());
      assert.ok(events.includes("Distribution DELETE_COMPLETE"));
      assert.deepEqual(aws.distributions(), []);
      await assert.rejects(fetch(`${url}/${files[0]}`));
      assert.deepEqual([...bucket.objects.keys()], files);
      assert.deepEqual(bucket.policy, []);
      await assert.rejects(
        ireland.send(new DescribeStacksCommand({ StackName: STACK })),
        /does not exist/,
      );

      // A new CDN never takes over what was kept.
      assert.equal(await deploy([], testDependencies(aws)), 0);
      assert.equal(aws.s3.buckets.size, 2);
    } finally {
      ireland.destroy();
      virginia.destroy();
      await aws.close();
    }
  },
);

looseTest(
  "a named bucket that was kept stops a second creation, and the stack says why",
  async () => {
    const aws = startAws({ credentials: [KEY] });
    const client = clientOf(aws, "eu-central-1");
    try {
      const args = ["--only", "sdk", "--bucket", "our-sdk-files"];
      assert.equal(await deploy(args, testDependencies(aws)), 0);
      await deleteStack(client, STACK);
      const again = testDependencies(aws);
      assert.equal(await deploy(args, again), 1);
      assert.match(again.text(), /First cause: SdkBucket: our-sdk-files exists/);
    } finally {
      client.destroy();
      await aws.close();
    }
  },
);

looseTest("a deletion that fails names the resource, and can be tried again", async () => {
  const { aws } = await deployedAws();
  const client = clientOf(aws, "eu-central-1");
  try {
    aws.stacks.fail({ logicalId: "SdkHeaders", reason: "It is in use" });
    const failed = await deleteStack(client, STACK);
    assert.equal(failed.status, "DELETE_FAILED");
    assert.ok(failed.events.includes("SdkHeaders DELETE_FAILED"));
    aws.stacks.fail(undefined);
    assert.equal((await deleteStack(client, STACK)).status, "DELETE_COMPLETE");
    // As at AWS, deleting what does not exist succeeds.
    await client.send(new DeleteStackCommand({ StackName: STACK }));
  } finally {
    client.destroy();
    await aws.close();
  }
});

looseTest("a template is checked and summarized before there is a stack", async () => {
  const aws = startAws({ credentials: [KEY] });
  const client = clientOf(aws, "eu-central-1");
  try {
    const TemplateBody = await Deno.readTextFile(TEMPLATE);
    const { Parameters, Description } = await client.send(
      new ValidateTemplateCommand({ TemplateBody }),
    );
    assert.match(Description ?? "", /SDK file/);
    const secret = Parameters?.find((one) => one.ParameterKey === "FrontSecret");
    assert.deepEqual([secret?.NoEcho, secret?.DefaultValue], [true, ""]);
    const { ResourceTypes } = await client.send(new GetTemplateSummaryCommand({ TemplateBody }));
    assert.ok(ResourceTypes?.includes("AWS::CloudFront::Distribution"));
    await assert.rejects(
      client.send(new ValidateTemplateCommand({ TemplateBody: "Parameters: {}" })),
      /Template format error/,
    );
  } finally {
    client.destroy();
    await aws.close();
  }
});
