import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { createS3 } from "../../ops/clients.ts";
import { publish } from "../../ops/publish.ts";
import { rollback } from "../../ops/rollback.ts";
import { status } from "../../ops/status.ts";
import {
  type DeployedAws,
  deployedAws,
  publishFile,
  testDependencies,
  writeSdkFile,
} from "./support.ts";
import { looseTest } from "../support/sanitizers.ts";

const directory = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(directory, { recursive: true }));

const sdkFile = (version: string, mark: string) => writeSdkFile(directory, version, mark);

const test = (name: string, fn: (cdn: DeployedAws) => Promise<void>) =>
  looseTest(name, async () => {
    const cdn = await deployedAws();
    try {
      await fn(cdn);
    } finally {
      await cdn.aws.close();
    }
  });

test("a file is published with everything that a page needs, and fetched back", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const dependencies = await publishFile(cdn, file.path);
  for (const check of ["reachable", "hash", "type", "cors", "caching", "compression"]) {
    assert.match(dependencies.text(), new RegExp(`ok +${check}`));
  }
  assert.match(dependencies.text(), /compression br/);
  assert.match(
    dependencies.text(),
    new RegExp(
      `secrets set CHIME_SDK_CDN_URL=${cdn.url}/${file.name} CHIME_SDK_INTEGRITY=sha384-`,
    ),
  );
  const stored = cdn.bucket.objects.get(file.name);
  assert.equal(stored?.contentType, "text/javascript");
  assert.equal(stored?.cacheControl, "public, max-age=31536000, immutable");
  assert.deepEqual(stored?.metadata, { "sdk-version": "3.32.0", "sha384": file.integrity });
});

test("the licences file beside an SDK file is published with it", async (cdn) => {
  const file = await sdkFile("3.30.0", "with licences");
  const name = file.name.replace(".min.js", ".LICENSES.txt");
  await Deno.writeTextFile(`${directory}/${name}`, "Apache License 2.0");
  await publishFile(cdn, file.path);
  assert.equal(cdn.bucket.objects.get(name)?.contentType, "text/plain; charset=utf-8");
  assert.equal(cdn.bucket.objects.size, 2);
});

test("publishing the same file again succeeds and writes nothing", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  await publishFile(cdn, file.path);
  const version = cdn.bucket.objects.get(file.name)?.versionId;
  const dependencies = await publishFile(cdn, file.path);
  assert.match(dependencies.text(), /already published, the same bytes/);
  assert.equal(cdn.bucket.objects.get(file.name)?.versionId, version);
});

test("other bytes under a published name are refused, and the published file stays", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const key = { Bucket: cdn.bucket.name, Key: file.name };
  const foreign = new TextEncoder().encode("// somebody else's");
  const s3 = createS3("eu-central-1", testDependencies(cdn.aws));
  await s3.send(
    new PutObjectCommand({
      ...key,
      Body: foreign,
      IfNoneMatch: "*",
      ChecksumSHA256: createHash("sha256").update(foreign).digest("base64"),
    }),
  );
  const dependencies = testDependencies(cdn.aws);
  assert.equal(await publish(["--file", file.path, "--cdn-url", cdn.url], dependencies), 1);
  assert.match(dependencies.text(), /is already published with other bytes .*nothing was written/);
  assert.match(dependencies.text(), /remedy +a published file never changes/);
  assert.deepEqual(cdn.bucket.objects.get(file.name)?.bytes, foreign);
});

test("a name without the hash of its content is refused before AWS is asked", async (cdn) => {
  const { bytes } = await sdkFile("3.32.0", "one");
  const path = `${directory}/chime-sdk-3.32.0-0123456789abcdef.min.js`;
  await Deno.writeFile(path, bytes);
  const asked = cdn.aws.requests().length;
  const dependencies = testDependencies(cdn.aws);
  assert.equal(await publish(["--file", path, "--cdn-url", cdn.url], dependencies), 1);
  assert.match(dependencies.text(), /does not have the hash of its content/);
  assert.equal(cdn.aws.requests().length, asked);
});

test("a conflicting write is retried, and a dry run writes nothing", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const dryRun = ["--file", file.path, "--cdn-url", cdn.url, "--dry-run"];
  assert.equal(await publish(dryRun, testDependencies(cdn.aws)), 0);
  assert.equal(cdn.bucket.objects.size, 0);
  cdn.aws.s3.conflictNext(2);
  const dependencies = await publishFile(cdn, file.path);
  assert.equal(dependencies.lines.filter((line) => /trying again/.test(line)).length, 2);
  assert.equal(cdn.bucket.objects.size, 1);
});

test("the bucket itself refuses overwriting, deleting, and damaged bytes", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  await publishFile(cdn, file.path);
  const s3 = createS3("eu-central-1", testDependencies(cdn.aws));
  const key = { Bucket: cdn.bucket.name, Key: file.name };
  const put = (more: object) =>
    s3.send(new PutObjectCommand({ ...key, Body: new Uint8Array([1]), ...more }));
  await assert.rejects(put({}), { name: "AccessDenied" });
  await assert.rejects(put({ IfNoneMatch: "*" }), { name: "PreconditionFailed" });
  await assert.rejects(
    put({ Key: "other.js", IfNoneMatch: "*", ChecksumSHA256: `${"A".repeat(43)}=` }),
    { name: "BadDigest" },
  );
  await assert.rejects(s3.send(new DeleteObjectCommand(key)), { name: "AccessDenied" });
  const missing = await fetch(`${cdn.url}/nothing.js`);
  await missing.body?.cancel();
  assert.equal(missing.status, 403);
  assert.deepEqual(cdn.bucket.objects.get(file.name)?.bytes, file.bytes);
});

test("publishing fails if the distribution does not serve the file as pages need it", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const config = cdn.distribution.config as { DefaultCacheBehavior: { Compress: boolean } };
  config.DefaultCacheBehavior.Compress = false;
  const dependencies = testDependencies(cdn.aws);
  assert.equal(await publish(["--file", file.path, "--cdn-url", cdn.url], dependencies), 1);
  assert.match(dependencies.text(), /FAULT +compression not compressed/);
  assert.match(dependencies.text(), /FAILED .*as pages need it: compression/);
});

test("publishing fails after several tries if the CDN does not serve the file", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  cdn.bucket.policy = cdn.bucket.policy.filter((one) => one.Effect === "Deny");
  const dependencies = testDependencies(cdn.aws);
  assert.equal(await publish(["--file", file.path, "--cdn-url", cdn.url], dependencies), 1);
  assert.equal(
    dependencies.lines.filter((line) => /not at the CDN yet \(403/.test(line)).length,
    7,
  );
});

test("rollback lists the versions and prints the command that sets address and hash", async (cdn) => {
  const [old, young] = [await sdkFile("3.31.0", "old"), await sdkFile("3.32.0", "young")];
  for (const { path } of [old, young]) await publishFile(cdn, path);
  const list = testDependencies(cdn.aws);
  assert.equal(await rollback(["--cdn-url", cdn.url], list), 0);
  assert.match(list.text(), /2 published in .*, the newest first/);
  assert.match(list.text(), new RegExp(`${young.name} +\\d+ bytes {2}\\d{4}-\\d\\d-\\d\\d `));
  assert.deepEqual(list.ran, []);

  const printed = testDependencies(cdn.aws);
  assert.equal(await rollback(["--to", "3.31.0", "--cdn-url", cdn.url], printed), 0);
  const line = `secrets set CHIME_SDK_CDN_URL=${cdn.url}/${old.name} ` +
    `CHIME_SDK_INTEGRITY=${old.integrity}`;
  assert.ok(printed.text().includes(line), printed.text());
  assert.deepEqual(printed.ran, []);

  const run = testDependencies(cdn.aws);
  const args = ["--to", old.name, "--run", "--project-ref", "abcdef", "--cdn-url", cdn.url];
  assert.equal(await rollback(args, run), 0);
  assert.deepEqual(run.ran.map((one) => one.slice(3)), [[
    "secrets",
    "set",
    `CHIME_SDK_CDN_URL=${cdn.url}/${old.name}`,
    `CHIME_SDK_INTEGRITY=${old.integrity}`,
    "--remote=abcdef",
    "--yes",
  ]]);
});

test("rollback to a version with two files asks which one to use", async (cdn) => {
  const [first, second] = [await sdkFile("3.31.0", "first"), await sdkFile("3.31.0", "second")];
  for (const { path } of [first, second]) await publishFile(cdn, path);
  const dependencies = testDependencies(cdn.aws);
  assert.equal(await rollback(["--to", "3.31.0", "--run", "--cdn-url", cdn.url], dependencies), 1);
  assert.match(
    dependencies.text(),
    /2 published files have version 3\.31\.0\nremedy +choose one by its/,
  );
  const named = testDependencies(cdn.aws);
  assert.equal(await rollback(["--to", first.name, "--run", "--cdn-url", cdn.url], named), 0);
  assert.deepEqual([dependencies.ran.length, named.ran.length], [0, 1]);
});

test("rollback refuses a file that is unknown or that pages could not load", async (cdn) => {
  const file = await sdkFile("3.31.0", "old");
  await publishFile(cdn, file.path);
  const unknown = testDependencies(cdn.aws);
  assert.equal(await rollback(["--to", "1.0.0", "--run", "--cdn-url", cdn.url], unknown), 1);
  assert.match(unknown.text(), /No published file is called 1\.0\.0/);
  cdn.bucket.policy = cdn.bucket.policy.filter((one) => one.Effect === "Deny");
  const broken = testDependencies(cdn.aws);
  assert.equal(await rollback(["--to", "3.31.0", "--run", "--cdn-url", cdn.url], broken), 1);
  assert.match(broken.text(), /Pages cannot load .*: reachable, 403/);
  assert.deepEqual([...unknown.ran, ...broken.ran], []);
  const blind = testDependencies(cdn.aws);
  assert.equal(await rollback(["--run"], blind), 2);
});

test("status finds no fault in a deployed CDN, and names a file that cannot be loaded", async (cdn) => {
  const file = await sdkFile("3.31.0", "old");
  await publishFile(cdn, file.path);
  const green = testDependencies(cdn.aws);
  assert.equal(await status(["--cdn-url", cdn.url], green), 0, green.text());
  assert.match(green.text(), /chime-page-cdn-alarms \(us-east-1\): CREATE_COMPLETE/);
  assert.match(green.text(), new RegExp(`${file.name}.* ok$`, "m"));
  cdn.bucket.policy = cdn.bucket.policy.filter((one) => one.Effect === "Deny");
  const red = testDependencies(cdn.aws);
  assert.equal(await status(["--cdn-url", cdn.url], red), 1);
  assert.match(red.text(), /FAULT: reachable/);
  const nowhere = testDependencies(cdn.aws);
  assert.equal(await status(["--stack-name", "other"], nowhere), 1);
  assert.match(nowhere.text(), /not deployed/);
});
