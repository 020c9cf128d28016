import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { buildSdk, SDK_DIRECTORY } from "../sdk/build.ts";
import { integrityOf } from "../sdk/manifest.ts";
import { createCloudFormation, createS3 } from "./clients.ts";
import { conclude, Failure, isAws, usage } from "./failure.ts";
import { readOptions, regionOf, STACK_HELP, STACK_OPTIONS } from "./options.ts";
import { probeSdk } from "./sdk_probe.ts";
import { asTyped, secretsCommand } from "./secrets.ts";
import { cdnPlace } from "./stack.ts";
import { SDK_FILE_NAME } from "./versions.ts";
import { type Dependencies, terminal } from "./dependencies.ts";

const HELP = `deno task cdn:publish [options]

Builds the SDK file, writes it to the bucket, and fetches it back through the CDN to check its bytes,
hash, type, CORS, caching and compression. A published file never changes: publishing the same file
again succeeds and changes nothing; other bytes under the same name are refused.

  --dry-run             print what would be done
  --file <path>         publish this file instead of building one
  --cdn-url <url>       address of the CDN, instead of the one in the stack's outputs
${STACK_HELP}`;

type Upload = ReturnType<typeof describe>;

/** An edge location may cache for ten seconds that the file is missing. */
const FETCH_BACK_TRIES = 8;
const FETCH_BACK_MS = 4_000;
const CONFLICT_TRIES = 5;

/** `deno task cdn:publish`. Returns the exit code. */
export function publish(args: readonly string[], dependencies: Dependencies): Promise<number> {
  return conclude(dependencies, async () => {
    const options = readOptions(args, {
      ...STACK_OPTIONS,
      "dry-run": { type: "boolean", default: false },
      file: { type: "string" },
      "cdn-url": { type: "string" },
    });
    if (options.help) return dependencies.print(HELP);
    const region = regionOf(options.region, dependencies.env);
    const path = options.file ?? join(SDK_DIRECTORY, (await buildSdk()).file);
    const upload = await readUpload(path);
    dependencies.print(`${upload.name}: ${upload.bytes.length} bytes, ${upload.integrity}`);
    const place = await cdnPlace(
      createCloudFormation(region, dependencies),
      options["stack-name"],
      options["cdn-url"],
    );
    const url = `${place.url}/${upload.name}`;
    if (options["dry-run"]) {
      return dependencies.print(
        `dry run: would write s3://${place.bucket}/${upload.name} for ${url}`,
      );
    }
    const s3 = createS3(region, dependencies);
    for (const one of [...await notices(path, upload), upload]) {
      const isNew = await writeOnce(s3, place.bucket, one, dependencies);
      const outcome = isNew ? `written to ${place.bucket}` : "already published, the same bytes";
      dependencies.print(`${one.name}: ${outcome}`);
    }
    await fetchBack(url, upload, dependencies);
    dependencies.print("\nPoint the function at it:");
    dependencies.print(`  ${asTyped(secretsCommand(url, upload.integrity))}`);
  });
}

/** Reads a file, and checks that its name has the hash of its content. */
async function readUpload(path: string): Promise<Upload> {
  const name = basename(path);
  const bytes = await Deno.readFile(path).catch(() => {
    throw usage(`Cannot read the file ${path}`);
  });
  const [, sdkVersion, start] = SDK_FILE_NAME.exec(name) ?? [];
  const upload = describe(name, bytes, "text/javascript", sdkVersion ?? "");
  const sha256 = Buffer.from(upload.sha256, "base64").toString("hex");
  if (sdkVersion === undefined || !sha256.startsWith(start ?? " ")) {
    throw new Failure(
      `${name} does not have the hash of its content in its name`,
      "publish a file from deno task cdn:build; a changed file gets a new name",
    );
  }
  return upload;
}

/** The licences file of an SDK file: beside it, under the same name, ending in `.LICENSES.txt`. */
async function notices(path: string, of: Upload): Promise<readonly Upload[]> {
  const stem = of.name.replace(/\.min\.js$/, "");
  const found: Upload[] = [];
  for await (const { name } of Deno.readDir(dirname(path))) {
    if (!name.startsWith(stem) || !name.endsWith(".LICENSES.txt")) continue;
    const bytes = await Deno.readFile(join(dirname(path), name));
    found.push(describe(name, bytes, "text/plain; charset=utf-8", of.sdkVersion));
  }
  return found;
}

/** A file to publish, with its metadata. */
function describe(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  sdkVersion: string,
) {
  const sha256 = createHash("sha256").update(bytes).digest("base64");
  return { name, bytes, type, sdkVersion, sha256, integrity: integrityOf(bytes) };
}

/**
 * Writes a file if its key is free, and returns whether it did. If the key is taken, compares
 * checksums: the same bytes are a success, others a failure.
 * Source: S3, "Conditional requests" (412; 409 is to be tried again).
 */
async function writeOnce(
  client: S3Client,
  bucket: string,
  upload: Upload,
  dependencies: Dependencies,
): Promise<boolean> {
  const target = { Bucket: bucket, Key: upload.name };
  for (let attempt = 1;; attempt++) {
    try {
      await client.send(
        new PutObjectCommand({
          ...target,
          Body: upload.bytes,
          IfNoneMatch: "*",
          ChecksumSHA256: upload.sha256,
          ContentType: upload.type,
          CacheControl: "public, max-age=31536000, immutable",
          Metadata: { "sdk-version": upload.sdkVersion, "sha384": upload.integrity },
        }),
      );
      return true;
    } catch (error) {
      if (isAws(error, "PreconditionFailed", 412)) break;
      if (!isAws(error, "ConditionalRequestConflict", 409) || attempt >= CONFLICT_TRIES) {
        throw error;
      }
      dependencies.print("this file is being written by somebody else; trying again");
      await dependencies.sleep(500 * attempt);
    }
  }
  const there = await client.send(new HeadObjectCommand({ ...target, ChecksumMode: "ENABLED" }));
  if (there.ChecksumSHA256 === upload.sha256) return false;
  throw new Failure(
    `${upload.name} is already published with other bytes (SHA-256 ` +
      `${there.ChecksumSHA256 ?? "unknown"}); nothing was written`,
    "a published file never changes: build again, and find out who wrote the other file",
  );
}

/** Fetches the file as a page does. Waits while an edge location still says that it is not there. */
async function fetchBack(url: string, upload: Upload, dependencies: Dependencies): Promise<void> {
  for (let attempt = 1;; attempt++) {
    const { findings, ms, edge } = await probeSdk(url, upload.integrity);
    const arrived = findings.every((one) => one.check !== "reachable" || one.good);
    if (!arrived && attempt < FETCH_BACK_TRIES) {
      dependencies.print(`not at the CDN yet (${findings[0]?.found}); trying again`);
      await dependencies.sleep(FETCH_BACK_MS);
      continue;
    }
    dependencies.print(
      `fetched back from ${url} in ${Math.round(ms)} ms${edge ? ` by ${edge}` : ""}:`,
    );
    for (const { check, good, found } of findings) {
      dependencies.print(`  ${good ? "ok   " : "FAULT"}  ${check.padEnd(12)}${found}`);
    }
    const fault = findings.find((one) => !one.good);
    if (fault) {
      throw new Failure(
        `The CDN does not serve the file as pages need it: ${fault.check}`,
        fault.remedy,
      );
    }
    return;
  }
}

if (import.meta.main) Deno.exit(await publish(Deno.args, terminal()));
