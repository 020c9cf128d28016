import assert from "node:assert/strict";
import { deploy } from "../../ops/deploy.ts";
import { type Aws, startAws } from "../../dev/aws/aws.ts";
import { KEY, testWorld } from "./support.ts";

const SECRET = "s".repeat(40);

async function withAws(test: (aws: Aws) => Promise<void>) {
  const aws = startAws({ credentials: [KEY] });
  try {
    await test(aws);
  } finally {
    await aws.close();
  }
}

// The clients of AWS keep their connections open for the next call.
const test = (name: string, fn: (aws: Aws) => Promise<void>) =>
  Deno.test({ name, fn: () => withAws(fn), sanitizeResources: false, sanitizeOps: false });

test("a first deployment makes both stacks, shows changes, progress and outputs", async (aws) => {
  const world = testWorld(aws);
  assert.equal(await deploy(["--alarm-email", "ops@example.org"], world), 0);
  assert.match(world.text(), /chime-page-cdn: \d+ changes\n {2}Add {4}SdkBucket/);
  assert.match(world.text(), /CREATE_COMPLETE +Distribution/);
  assert.match(world.text(), /Url +https:\/\/d[0-9a-f]+\.cloudfront\.net/);
  assert.match(
    world.text(),
    /chime-page-cdn-alarms \(us-east-1\):\n {2}TopicArn +arn:aws:sns:us-east/,
  );
  assert.equal(aws.distributions().length, 1);
  assert.deepEqual([...aws.s3.buckets.values()].map((one) => one.policy.length), [4]);
});

test("deploying the same again is a success that changes nothing", async (aws) => {
  assert.equal(await deploy([], testWorld(aws)), 0);
  const world = testWorld(aws);
  assert.equal(await deploy([], world), 0);
  assert.match(world.text(), /chime-page-cdn: nothing to change/);
  assert.match(world.text(), /chime-page-cdn-alarms: nothing to change/);
  assert.equal(aws.requests().filter((one) => /ExecuteChangeSet/.test(one)).length, 2);
});

test("a dry run shows the changes, executes none, and leaves no empty stack behind", async (aws) => {
  const world = testWorld(aws);
  assert.equal(await deploy(["--dry-run"], world), 0);
  assert.match(world.text(), /Add {4}Distribution/);
  assert.match(world.text(), /dry run, nothing was changed/);
  assert.equal(aws.s3.buckets.size, 0);
  assert.throws(() => aws.stacks.find("eu-central-1", "chime-page-cdn"), /does not exist/);
  assert.ok(!aws.requests().some((one) => /ExecuteChangeSet/.test(one)));
});

test("a change that would replace the bucket is refused and nothing happens", async (aws) => {
  assert.equal(await deploy([], testWorld(aws)), 0);
  const before = [...aws.s3.buckets.keys()];
  const world = testWorld(aws);
  assert.equal(await deploy(["--bucket", "another-name"], world), 1);
  assert.match(world.text(), /SdkBucket +AWS::S3::Bucket +BucketName +REPLACES it/);
  assert.match(world.text(), /FAILED .*would replace or remove SdkBucket; nothing was changed/);
  assert.match(world.text(), /remedy .*--stack-name/);
  assert.deepEqual([...aws.s3.buckets.keys()], before);
  assert.equal(aws.stacks.find("eu-central-1", "chime-page-cdn").changeSets.size, 0);
});

test("the front comes, keeps its secret over later updates, and goes", async (aws) => {
  const missing = testWorld(aws);
  assert.equal(await deploy(["--front", "abc.supabase.co"], missing), 1);
  assert.match(missing.text(), /needs CHIME_PAGE_FRONT_SECRET/);
  const world = testWorld(aws, { CHIME_PAGE_FRONT_SECRET: SECRET });
  assert.equal(await deploy(["--front", "abc.supabase.co"], world), 0);
  assert.doesNotMatch(world.text(), new RegExp(SECRET));
  const stack = aws.stacks.find("eu-central-1", "chime-page-cdn");
  const code = stack.current?.resources.find((one) => one.type === "AWS::CloudFront::Function");
  assert.equal(
    code?.properties["FunctionCode"],
    await Deno.readTextFile(new URL("../../ops/stacks/front.js", import.meta.url)),
  );
  const [distribution] = aws.distributions();
  const secretOf = () => distribution && aws.distributions()[0]?.config.Origins[1];
  assert.equal(secretOf()?.OriginCustomHeaders?.[0]?.HeaderValue, SECRET);
  const alarms = aws.stacks.find("us-east-1", "chime-page-cdn-alarms").current?.resources ?? [];
  assert.ok(alarms.some((one) => one.logicalId === "FrontExecutionErrors"));

  const again = testWorld(aws);
  assert.equal(await deploy([], again), 0);
  assert.match(again.text(), /chime-page-cdn: nothing to change/);
  assert.equal(secretOf()?.OriginCustomHeaders?.[0]?.HeaderValue, SECRET);

  assert.equal(await deploy(["--no-front"], testWorld(aws)), 0);
  assert.equal(secretOf(), undefined);
  assert.equal(aws.distributions()[0]?.url, distribution?.url);
});

test("a deployment that AWS rolls back fails with its first cause", async (aws) => {
  assert.equal(await deploy([], testWorld(aws)), 0);
  aws.stacks.fail({
    logicalId: "Distribution",
    reason: "The certificate does not cover the alias",
  });
  const world = testWorld(aws);
  const certificate = "arn:aws:acm:us-east-1:000000000000:certificate/1234-abcd";
  const args = ["--domain", "cdn.example.org", "--certificate", certificate];
  assert.equal(await deploy(args, world), 1);
  assert.match(
    world.text(),
    /UPDATE_ROLLBACK_COMPLETE. First cause: Distribution: The certificate/,
  );
  aws.stacks.fail(undefined);
  const healed = testWorld(aws);
  assert.equal(await deploy(args, healed), 0);
  assert.match(healed.text(), /Url +https:\/\/cdn\.example\.org/);
});

test("a first creation that failed says that the stack must be deleted", async (aws) => {
  aws.stacks.fail({ logicalId: "SdkBucket", reason: "already exists" });
  assert.equal(await deploy([], testWorld(aws)), 1);
  aws.stacks.fail(undefined);
  const world = testWorld(aws);
  assert.equal(await deploy([], world), 1);
  assert.match(world.text(), /ROLLBACK_COMPLETE: its first creation failed/);
  assert.match(world.text(), /aws cloudformation delete-stack --stack-name chime-page-cdn/);
});

test("what can't be understood is exit code 2, what AWS refuses is 1 with a remedy", async (aws) => {
  for (
    const args of [
      ["--nonsense"],
      ["--only", "both"],
      ["--domain", "cdn.example.org"],
      ["--front", "a.supabase.co", "--no-front"],
      ["--region", "Frankfurt"],
    ]
  ) {
    const world = testWorld(aws);
    assert.equal(await deploy(args, world), 2, args.join(" "));
    assert.match(world.text(), /remedy +run it with --help/);
  }
  const badDomain = testWorld(aws);
  const arn = "arn:aws:acm:eu-central-1:000000000000:certificate/1";
  assert.equal(
    await deploy(["--domain", "cdn.example.org", "--certificate", arn], badDomain),
    1,
  );
  assert.match(badDomain.text(), /us-east-1/);
  const stranger = testWorld(aws, { AWS_SECRET_ACCESS_KEY: "wrong" });
  assert.equal(await deploy([], stranger), 1);
  assert.match(stranger.text(), /remedy +check AWS_SECRET_ACCESS_KEY/);
  assert.doesNotMatch(stranger.text(), /secret-of-publisher/);
});

test("alarms elsewhere than in us-east-1 are refused by the template itself", async (aws) => {
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
