import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { createS3 } from "../../ops/clients.ts";
import { publish } from "../../ops/publish.ts";
import { rollback } from "../../ops/rollback.ts";
import { status } from "../../ops/status.ts";
import { deployedAws, testWorld } from "./support.ts";

const directory = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(directory, { recursive: true }));

/** A script of some size under the name that its content asks for. */
async function sdkFile(version: string, mark: string) {
  const bytes = new TextEncoder().encode(
    `// ${mark}\n${"globalThis.ChimeSDK ??= {};\n".repeat(99)}`,
  );
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const name = `chime-sdk-${version}-${sha256.slice(0, 16)}.min.js`;
  const path = `${directory}/${name}`;
  await Deno.writeFile(path, bytes);
  const integrity = `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
  return { path, name, bytes, integrity };
}

type Deployed = Awaited<ReturnType<typeof deployedAws>>;

// The clients of AWS keep their connections open for the next call.
const test = (name: string, fn: (deployed: Deployed) => Promise<void>) =>
  Deno.test({
    name,
    sanitizeResources: false,
    sanitizeOps: false,
    fn: async () => {
      const deployed = await deployedAws();
      try {
        await fn(deployed);
      } finally {
        await deployed.aws.close();
      }
    },
  });

test("a file is written once, with everything a page needs, and fetched back", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const world = testWorld(cdn.aws);
  assert.equal(await publish(["--file", file.path, "--cdn-url", cdn.url], world), 0, world.text());
  for (const check of ["reachable", "hash", "type", "cors", "caching", "compression"]) {
    assert.match(world.text(), new RegExp(`ok +${check}`));
  }
  assert.match(world.text(), /compression br/);
  assert.match(
    world.text(),
    new RegExp(
      `secrets set CHIME_SDK_CDN_URL=${cdn.url}/${file.name} CHIME_SDK_INTEGRITY=sha384-`,
    ),
  );
  const stored = cdn.bucket.objects.get(file.name);
  assert.equal(stored?.contentType, "text/javascript");
  assert.equal(stored?.cacheControl, "public, max-age=31536000, immutable");
  assert.deepEqual(stored?.metadata, { "sdk-version": "3.32.0", "sha384": file.integrity });
});

test("the licences that lie beside a file travel with it", async (cdn) => {
  const file = await sdkFile("3.30.0", "with licences");
  const name = file.name.replace(".min.js", ".LICENSES.txt");
  await Deno.writeTextFile(`${directory}/${name}`, "Apache License 2.0");
  assert.equal(
    await publish(["--file", file.path, "--cdn-url", cdn.url], testWorld(cdn.aws)),
    0,
  );
  assert.equal(cdn.bucket.objects.get(name)?.contentType, "text/plain; charset=utf-8");
  assert.equal(cdn.bucket.objects.size, 2);
});

test("publishing the same file again is a success that writes nothing", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const args = ["--file", file.path, "--cdn-url", cdn.url];
  assert.equal(await publish(args, testWorld(cdn.aws)), 0);
  const version = cdn.bucket.objects.get(file.name)?.versionId;
  const world = testWorld(cdn.aws);
  assert.equal(await publish(args, world), 0);
  assert.match(world.text(), /already published, the same bytes/);
  assert.equal(cdn.bucket.objects.get(file.name)?.versionId, version);
});

test("other bytes under a name that is taken are refused, and the file stays", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const key = { Bucket: cdn.bucket.name, Key: file.name };
  const foreign = new TextEncoder().encode("// somebody else's");
  const s3 = createS3("eu-central-1", testWorld(cdn.aws));
  await s3.send(
    new PutObjectCommand({
      ...key,
      Body: foreign,
      IfNoneMatch: "*",
      ChecksumSHA256: createHash("sha256").update(foreign).digest("base64"),
    }),
  );
  const world = testWorld(cdn.aws);
  assert.equal(await publish(["--file", file.path, "--cdn-url", cdn.url], world), 1);
  assert.match(world.text(), /is taken by other bytes .*nothing was written/);
  assert.match(world.text(), /remedy +a published file never changes/);
  assert.deepEqual(cdn.bucket.objects.get(file.name)?.bytes, foreign);
});

test("a name that does not carry its content's hash is refused before AWS is asked", async (cdn) => {
  const { bytes } = await sdkFile("3.32.0", "one");
  const path = `${directory}/chime-sdk-3.32.0-0123456789abcdef.min.js`;
  await Deno.writeFile(path, bytes);
  const asked = cdn.aws.requests().length;
  const world = testWorld(cdn.aws);
  assert.equal(await publish(["--file", path, "--cdn-url", cdn.url], world), 1);
  assert.match(world.text(), /does not carry the hash of its content/);
  assert.equal(cdn.aws.requests().length, asked);
});

test("a conflicting write is tried again, and a dry run writes nothing", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const args = ["--file", file.path, "--cdn-url", cdn.url];
  assert.equal(await publish([...args, "--dry-run"], testWorld(cdn.aws)), 0);
  assert.equal(cdn.bucket.objects.size, 0);
  cdn.aws.s3.conflictNext(2);
  const world = testWorld(cdn.aws);
  assert.equal(await publish(args, world), 0);
  assert.equal(world.lines.filter((line) => /trying again/.test(line)).length, 2);
  assert.equal(cdn.bucket.objects.size, 1);
});

test("the bucket itself refuses rewriting, deleting, and bytes that got damaged", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  assert.equal(
    await publish(["--file", file.path, "--cdn-url", cdn.url], testWorld(cdn.aws)),
    0,
  );
  const s3 = createS3("eu-central-1", testWorld(cdn.aws));
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

test("a distribution that does not serve the file as pages need it fails the publishing", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  const config = cdn.distribution.config as { DefaultCacheBehavior: { Compress: boolean } };
  config.DefaultCacheBehavior.Compress = false;
  const world = testWorld(cdn.aws);
  assert.equal(await publish(["--file", file.path, "--cdn-url", cdn.url], world), 1);
  assert.match(world.text(), /FAULT +compression not packed/);
  assert.match(world.text(), /FAILED .*as pages need it: compression/);
});

test("a CDN that does not answer fails the publishing after patient tries", async (cdn) => {
  const file = await sdkFile("3.32.0", "one");
  cdn.bucket.policy = cdn.bucket.policy.filter((one) => one.Effect === "Deny");
  const world = testWorld(cdn.aws);
  assert.equal(await publish(["--file", file.path, "--cdn-url", cdn.url], world), 1);
  assert.equal(world.lines.filter((line) => /not at the CDN yet \(403/.test(line)).length, 7);
});

test("rollback lists the versions and prints the one command that moves both", async (cdn) => {
  const [old, young] = [await sdkFile("3.31.0", "old"), await sdkFile("3.32.0", "young")];
  for (const { path } of [old, young]) {
    assert.equal(await publish(["--file", path, "--cdn-url", cdn.url], testWorld(cdn.aws)), 0);
  }
  const list = testWorld(cdn.aws);
  assert.equal(await rollback(["--cdn-url", cdn.url], list), 0);
  assert.match(list.text(), /2 published in .*, the newest first/);
  assert.match(list.text(), new RegExp(`${young.name} +\\d+ bytes {2}\\d{4}-\\d\\d-\\d\\d `));
  assert.deepEqual(list.ran, []);

  const printed = testWorld(cdn.aws);
  assert.equal(await rollback(["--to", "3.31.0", "--cdn-url", cdn.url], printed), 0);
  const line = `secrets set CHIME_SDK_CDN_URL=${cdn.url}/${old.name} ` +
    `CHIME_SDK_INTEGRITY=${old.integrity}`;
  assert.ok(printed.text().includes(line), printed.text());
  assert.deepEqual(printed.ran, []);

  const run = testWorld(cdn.aws);
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

test("rollback to a version of which there are two files asks which", async (cdn) => {
  const [first, second] = [await sdkFile("3.31.0", "first"), await sdkFile("3.31.0", "second")];
  for (const { path } of [first, second]) {
    assert.equal(await publish(["--file", path, "--cdn-url", cdn.url], testWorld(cdn.aws)), 0);
  }
  const world = testWorld(cdn.aws);
  assert.equal(await rollback(["--to", "3.31.0", "--run", "--cdn-url", cdn.url], world), 1);
  assert.match(
    world.text(),
    /2 published files are of version 3\.31\.0\nremedy +choose one by its/,
  );
  const named = testWorld(cdn.aws);
  assert.equal(await rollback(["--to", first.name, "--run", "--cdn-url", cdn.url], named), 0);
  assert.deepEqual([world.ran.length, named.ran.length], [0, 1]);
});

test("rollback moves nothing to a file that pages could not load, or that is unknown", async (cdn) => {
  const file = await sdkFile("3.31.0", "old");
  assert.equal(
    await publish(["--file", file.path, "--cdn-url", cdn.url], testWorld(cdn.aws)),
    0,
  );
  const unknown = testWorld(cdn.aws);
  assert.equal(await rollback(["--to", "1.0.0", "--run", "--cdn-url", cdn.url], unknown), 1);
  assert.match(unknown.text(), /No published file is 1\.0\.0/);
  cdn.bucket.policy = cdn.bucket.policy.filter((one) => one.Effect === "Deny");
  const broken = testWorld(cdn.aws);
  assert.equal(await rollback(["--to", "3.31.0", "--run", "--cdn-url", cdn.url], broken), 1);
  assert.match(broken.text(), /is not fit for pages: reachable, 403/);
  assert.deepEqual([...unknown.ran, ...broken.ran], []);
  const blind = testWorld(cdn.aws);
  assert.equal(await rollback(["--run"], blind), 2);
});

test("status is green for a deployed CDN, and names a file that can't be loaded", async (cdn) => {
  const file = await sdkFile("3.31.0", "old");
  assert.equal(
    await publish(["--file", file.path, "--cdn-url", cdn.url], testWorld(cdn.aws)),
    0,
  );
  const green = testWorld(cdn.aws);
  assert.equal(await status(["--cdn-url", cdn.url], green), 0, green.text());
  assert.match(green.text(), /chime-page-cdn-alarms \(us-east-1\): CREATE_COMPLETE/);
  assert.match(green.text(), new RegExp(`${file.name}.* ok$`, "m"));
  cdn.bucket.policy = cdn.bucket.policy.filter((one) => one.Effect === "Deny");
  const red = testWorld(cdn.aws);
  assert.equal(await status(["--cdn-url", cdn.url], red), 1);
  assert.match(red.text(), /FAULT: reachable/);
  const nowhere = testWorld(cdn.aws);
  assert.equal(await status(["--stack-name", "other"], nowhere), 1);
  assert.match(nowhere.text(), /not deployed/);
});
