import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { buildSdk, SDK_DIRECTORY } from "../sdk/build.ts";
import { createCloudFormation, createS3 } from "./clients.ts";
import { conclude, Failure, isAws, usage } from "./failure.ts";
import { readOptions, regionOf, STACK_HELP, STACK_OPTIONS } from "./options.ts";
import { probeSdk } from "./sdk_probe.ts";
import { asTyped, secretsCommand } from "./secrets.ts";
import { cdnPlace } from "./stack.ts";
import { SDK_FILE_NAME } from "./versions.ts";
import { terminal, type World } from "./world.ts";

const HELP = `deno task cdn:publish [options]

Builds the SDK file, writes it to the bucket once and for ever, and fetches it back through the CDN:
bytes, hash, type, CORS, caching, compression. The same file again is a success that changes nothing;
other bytes under a name that is taken are refused.

  --dry-run             say what would be done
  --file <path>         publish this file instead of building
  --cdn-url <url>       fetch it back from here instead of the stack's own URL
${STACK_HELP}`;

/** A file to publish, with everything that is said about it. */
interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly sdkVersion: string;
  readonly sha256: string;
  readonly integrity: string;
}

/** A CloudFront edge may remember for ten seconds that the file was not there. */
const FETCH_BACK_TRIES = 8;
const FETCH_BACK_MS = 4_000;
const CONFLICT_TRIES = 5;

/** `deno task cdn:publish`. Answers the exit code. */
export function publish(args: readonly string[], world: World): Promise<number> {
  return conclude(world, async () => {
    const options = readOptions(args, {
      ...STACK_OPTIONS,
      "dry-run": { type: "boolean", default: false },
      file: { type: "string" },
      "cdn-url": { type: "string" },
    });
    if (options.help) return world.print(HELP);
    const region = regionOf(options.region, world.env);
    const path = options.file ?? join(SDK_DIRECTORY, (await buildSdk()).file);
    const upload = await readUpload(path);
    world.print(`${upload.name}: ${upload.bytes.length} bytes, ${upload.integrity}`);
    const place = await cdnPlace(
      createCloudFormation(region, world),
      options["stack-name"],
      options["cdn-url"],
    );
    const url = `${place.url}/${upload.name}`;
    if (options["dry-run"]) {
      return world.print(`dry run: would write s3://${place.bucket}/${upload.name} for ${url}`);
    }
    const s3 = createS3(region, world);
    for (const one of [...await notices(path, upload), upload]) {
      const outcome = await writeOnce(s3, place.bucket, one, world);
      const said = outcome === "written"
        ? `written to ${place.bucket}`
        : "already published, the same bytes";
      world.print(`${one.name}: ${said}`);
    }
    await fetchBack(url, upload, world);
    world.print("\nPoint the function at it:");
    world.print(`  ${asTyped(secretsCommand(url, upload.integrity))}`);
  });
}

/** Reads a file and holds its name to its content. */
async function readUpload(path: string): Promise<Upload> {
  const name = basename(path);
  const bytes = await Deno.readFile(path).catch(() => {
    throw usage(`Cannot read ${path}`);
  });
  const [, sdkVersion, start] = SDK_FILE_NAME.exec(name) ?? [];
  const upload = describe(name, bytes, "text/javascript", sdkVersion ?? "");
  const sha256 = Buffer.from(upload.sha256, "base64").toString("hex");
  if (sdkVersion === undefined || !sha256.startsWith(start ?? " ")) {
    throw new Failure(
      `${name} does not carry the hash of its content in its name`,
      "publish what deno task cdn:build made; a file that is changed gets a new name",
    );
  }
  return upload;
}

/** The licences that travel with a file: beside it, under its name, ending in `.LICENSES.txt`. */
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

function describe(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  sdkVersion: string,
): Upload {
  const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest("base64");
  const [sha256, integrity] = [hash("sha256"), `sha384-${hash("sha384")}`];
  return { name, bytes, type, sdkVersion, sha256, integrity };
}

/**
 * Writes the file if its key is free. A key that is taken is compared by checksum: the same bytes are
 * a success, others a failure. Source: S3, "Conditional requests" (412, and 409 to be tried again).
 */
async function writeOnce(
  client: S3Client,
  bucket: string,
  upload: Upload,
  world: World,
): Promise<"written" | "same"> {
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
      return "written";
    } catch (error) {
      if (isAws(error, "PreconditionFailed", 412)) break;
      if (!isAws(error, "ConditionalRequestConflict", 409) || attempt >= CONFLICT_TRIES) {
        throw error;
      }
      world.print("another write of this file is under way; trying again");
      await world.sleep(500 * attempt);
    }
  }
  const there = await client.send(new HeadObjectCommand({ ...target, ChecksumMode: "ENABLED" }));
  if (there.ChecksumSHA256 === upload.sha256) return "same";
  throw new Failure(
    `${upload.name} is taken by other bytes (SHA-256 ${there.ChecksumSHA256 ?? "unknown"}); ` +
      "nothing was written",
    "a published file never changes: build under a new name, and find out who wrote the other",
  );
}

/** Fetches the file back as a page does; waits while an edge still remembers that it was not there. */
async function fetchBack(url: string, upload: Upload, world: World): Promise<void> {
  for (let attempt = 1;; attempt++) {
    const { findings, ms, edge } = await probeSdk(url, upload.integrity);
    const arrived = findings.every((one) => one.check !== "reachable" || one.good);
    if (!arrived && attempt < FETCH_BACK_TRIES) {
      world.print(`not at the CDN yet (${findings[0]?.found}); asking again`);
      await world.sleep(FETCH_BACK_MS);
      continue;
    }
    world.print(`fetched back from ${url} in ${Math.round(ms)} ms${edge ? ` by ${edge}` : ""}:`);
    for (const { check, good, found } of findings) {
      world.print(`  ${good ? "ok   " : "FAULT"}  ${check.padEnd(12)}${found}`);
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
