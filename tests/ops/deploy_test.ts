import assert from "node:assert/strict";
import { deploy } from "../../ops/deploy.ts";
import { type Aws, startAws } from "../../dev/aws/aws.ts";
import { KEY, testDependencies } from "./support.ts";
import { looseTest } from "../support/sanitizers.ts";

const SECRET = "s".repeat(40);

const test = (name: string, fn: (aws: Aws) => Promise<void>) =>
  looseTest(name, async () => {
    const aws = startAws({ credentials: [KEY] });
    try {
      await fn(aws);
    } finally {
      await aws.close();
    }
  });

test("a first deployment creates both stacks and shows changes, progress and outputs", async (aws) => {
  const dependencies = testDependencies(aws);
  assert.equal(await deploy(["--alarm-email", "ops@example.org"], dependencies), 0);
  assert.match(dependencies.text(), /chime-page-cdn: \d+ changes\n {2}Add {4}SdkBucket/);
  assert.match(dependencies.text(), /CREATE_COMPLETE +Distribution/);
  assert.match(dependencies.text(), /Url +https:\/\/d[0-9a-f]+\.cloudfront\.net/);
  assert.match(
    dependencies.text(),
    /chime-page-cdn-alarms \(us-east-1\):\n {2}TopicArn +arn:aws:sns:us-east/,
  );
  assert.equal(aws.distributions().length, 1);
  assert.deepEqual([...aws.s3.buckets.values()].map((one) => one.policy.length), [4]);
});

test("deploying again succeeds and changes nothing", async (aws) => {
  assert.equal(await deploy([], testDependencies(aws)), 0);
  const dependencies = testDependencies(aws);
  assert.equal(await deploy([], dependencies), 0);
  assert.match(dependencies.text(), /chime-page-cdn: nothing to change/);
  assert.match(dependencies.text(), /chime-page-cdn-alarms: nothing to change/);
  assert.equal(aws.requests().filter((one) => /ExecuteChangeSet/.test(one)).length, 2);
});

test("a dry run shows the changes, makes none, and leaves no empty stack behind", async (aws) => {
  const dependencies = testDependencies(aws);
  assert.equal(await deploy(["--dry-run"], dependencies), 0);
  assert.match(dependencies.text(), /Add {4}Distribution/);
  assert.match(dependencies.text(), /dry run, nothing was changed/);
  assert.equal(aws.s3.buckets.size, 0);
  assert.throws(() => aws.stacks.find("eu-central-1", "chime-page-cdn"), /does not exist/);
  assert.ok(!aws.requests().some((one) => /ExecuteChangeSet/.test(one)));
});

test("a change that would replace the bucket is refused, and nothing is changed", async (aws) => {
  assert.equal(await deploy([], testDependencies(aws)), 0);
  const before = [...aws.s3.buckets.keys()];
  const dependencies = testDependencies(aws);
  assert.equal(await deploy(["--bucket", "another-name"], dependencies), 1);
  assert.match(dependencies.text(), /SdkBucket +AWS::S3::Bucket +BucketName +REPLACES it/);
  assert.match(
    dependencies.text(),
    /FAILED .*would replace or remove SdkBucket; nothing was changed/,
  );
  assert.match(dependencies.text(), /remedy .*--stack-name/);
  assert.deepEqual([...aws.s3.buckets.keys()], before);
  assert.equal(aws.stacks.find("eu-central-1", "chime-page-cdn").changeSets.size, 0);
});

test("the CloudFront proxy is added, keeps its secret over later updates, and is removed", async (aws) => {
  const missing = testDependencies(aws);
  assert.equal(await deploy(["--front", "abc.supabase.co"], missing), 1);
  assert.match(missing.text(), /needs CHIME_PAGE_FRONT_SECRET/);
  const dependencies = testDependencies(aws, { CHIME_PAGE_FRONT_SECRET: SECRET });
  assert.equal(await deploy(["--front", "abc.supabase.co"], dependencies), 0);
  assert.doesNotMatch(dependencies.text(), new RegExp(SECRET));
  const stack = aws.stacks.find("eu-central-1", "chime-page-cdn");
  const code = stack.current?.resources.find((one) => one.type === "AWS::CloudFront::Function");
  assert.equal(
    code?.properties["FunctionCode"],
    await Deno.readTextFile(new URL("../../ops/stacks/cloudfront_proxy.js", import.meta.url)),
  );
  const [distribution] = aws.distributions();
  const secretOf = () => distribution && aws.distributions()[0]?.config.Origins[1];
  assert.equal(secretOf()?.OriginCustomHeaders?.[0]?.HeaderValue, SECRET);
  const alarms = aws.stacks.find("us-east-1", "chime-page-cdn-alarms").current?.resources ?? [];
  assert.ok(alarms.some((one) => one.logicalId === "FrontExecutionErrors"));

  const again = testDependencies(aws);
  assert.equal(await deploy([], again), 0);
  assert.match(again.text(), /chime-page-cdn: nothing to change/);
  assert.equal(secretOf()?.OriginCustomHeaders?.[0]?.HeaderValue, SECRET);

  assert.equal(await deploy(["--no-front"], testDependencies(aws)), 0);
  assert.equal(secretOf(), undefined);
  assert.equal(aws.distributions()[0]?.url, distribution?.url);
});

test("a deployment that AWS rolls back fails and names the first cause", async (aws) => {
  assert.equal(await deploy([], testDependencies(aws)), 0);
  aws.stacks.fail({
    logicalId: "Distribution",
    reason: "The certificate does not cover the alias",
  });
  const dependencies = testDependencies(aws);
  const certificate = "arn:aws:acm:us-east-1:000000000000:certificate/1234-abcd";
  const args = ["--domain", "cdn.example.org", "--certificate", certificate];
  assert.equal(await deploy(args, dependencies), 1);
  assert.match(
    dependencies.text(),
    /UPDATE_ROLLBACK_COMPLETE. First cause: Distribution: The certificate/,
  );
  aws.stacks.fail(undefined);
  const healed = testDependencies(aws);
  assert.equal(await deploy(args, healed), 0);
  assert.match(healed.text(), /Url +https:\/\/cdn\.example\.org/);
});

test("after a failed creation, the command says that the stack must be deleted", async (aws) => {
  aws.stacks.fail({ logicalId: "SdkBucket", reason: "already exists" });
  assert.equal(await deploy([], testDependencies(aws)), 1);
  aws.stacks.fail(undefined);
  const dependencies = testDependencies(aws);
  assert.equal(await deploy([], dependencies), 1);
  assert.match(dependencies.text(), /ROLLBACK_COMPLETE: its first creation failed/);
  assert.match(dependencies.text(), /aws cloudformation delete-stack --stack-name chime-page-cdn/);
});

test("wrong usage exits with 2, and a refusal of AWS with 1 and a remedy", async (aws) => {
  for (
    const args of [
      ["--nonsense"],
      ["--only", "both"],
      ["--domain", "cdn.example.org"],
      ["--front", "a.supabase.co", "--no-front"],
      ["--region", "Frankfurt"],
    ]
  ) {
    const dependencies = testDependencies(aws);
    assert.equal(await deploy(args, dependencies), 2, args.join(" "));
    assert.match(dependencies.text(), /remedy +run it with --help/);
  }
  const badDomain = testDependencies(aws);
  const arn = "arn:aws:acm:eu-central-1:000000000000:certificate/1";
  assert.equal(
    await deploy(["--domain", "cdn.example.org", "--certificate", arn], badDomain),
    1,
  );
  assert.match(badDomain.text(), /us-east-1/);
  const stranger = testDependencies(aws, { AWS_SECRET_ACCESS_KEY: "wrong" });
  assert.equal(await deploy([], stranger), 1);
  assert.match(stranger.text(), /remedy +check AWS_SECRET_ACCESS_KEY/);
  assert.doesNotMatch(stranger.text(), /secret-of-publisher/);
});

test("the template refuses alarms outside us-east-1", async (aws) => {
  const template = await Deno.readTextFile(
    new URL("../../ops/stacks/alarms.yaml", import.meta.url),
  );
  const create = (region: string) =>
    aws.stacks.createChangeSet({
      place: { stackName: "alarms", region, accountId: "000000000000" },
      name: "one",
      type: "CREATE",
      template,
      parameters: { DistributionId: "E1234567890AB" },
      previous: [],
    });
  assert.throws(() => create("eu-central-1"), /us-east-1 alone/);
  assert.ok(create("us-east-1"));
});
