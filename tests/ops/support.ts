import { createHash } from "node:crypto";
import { type Aws, startAws } from "../../dev/aws/aws.ts";
import { deploy } from "../../ops/deploy.ts";
import type { Dependencies } from "../../ops/dependencies.ts";
import { publish } from "../../ops/publish.ts";

/** The access key that the AWS stand-in knows. */
export const KEY = { accessKeyId: "AKIAPUBLISHER0000000", secretAccessKey: "secret-of-publisher" };

/** Dependencies that record what a command printed and ran. */
export interface TestDependencies extends Dependencies {
  readonly lines: string[];
  readonly ran: (readonly string[])[];
  /** Everything that was printed. */
  text(): string;
}

/** Dependencies whose AWS is the stand-in, and which never wait. */
export function testDependencies(
  aws: Pick<Aws, "url">,
  variables: Record<string, string> = {},
): TestDependencies {
  const lines: string[] = [];
  const ran: (readonly string[])[] = [];
  const env: Record<string, string> = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    ...variables,
  };
  return {
    lines,
    ran,
    text: () => lines.join("\n"),
    print: (line) => void lines.push(line),
    env: (name) => env[name],
    sleep: () => Promise.resolve(),
    run: (command, args) => {
      ran.push([command, ...args]);
      return Promise.resolve(0);
    },
  };
}

/** An AWS stand-in to which the CDN is deployed, and the address of its distribution. */
export type DeployedAws = Awaited<ReturnType<typeof deployedAws>>;

/** Starts an AWS stand-in and deploys the CDN to it. */
export async function deployedAws(options: Partial<Parameters<typeof startAws>[0]> = {}) {
  const aws = startAws({ credentials: [KEY], ...options });
  const dependencies = testDependencies(aws);
  const code = await deploy([], dependencies);
  const [distribution] = aws.distributions();
  const [bucket] = aws.s3.buckets.values();
  if (code !== 0 || !distribution || !bucket) throw new Error(dependencies.text());
  return { aws, distribution, bucket, url: distribution.url };
}

/** Publishes a file to a deployed CDN. Throws what the command printed if it fails. */
export async function publishFile(
  { aws, url }: Pick<DeployedAws, "aws" | "url">,
  path: string,
): Promise<TestDependencies> {
  const dependencies = testDependencies(aws);
  const code = await publish(["--file", path, "--cdn-url", url], dependencies);
  if (code !== 0) throw new Error(dependencies.text());
  return dependencies;
}

/** Writes a script into a folder, under the name that an SDK file with this content has. */
export async function writeSdkFile(directory: string, version: string, mark: string) {
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
