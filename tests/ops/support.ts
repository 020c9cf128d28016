import { type Aws, startAws } from "../../dev/aws/aws.ts";
import { deploy } from "../../ops/deploy.ts";
import type { World } from "../../ops/world.ts";

/** The publisher's key, known to the stand-in alone. */
export const KEY = { accessKeyId: "AKIAPUBLISHER0000000", secretAccessKey: "secret-of-publisher" };

/** A world that writes down what was said and run. */
export interface TestWorld extends World {
  readonly lines: string[];
  readonly ran: (readonly string[])[];
  /** Everything said so far. */
  text(): string;
}

/** A world whose AWS is the stand-in and whose time passes at once. */
export function testWorld(aws: Pick<Aws, "url">, more: Record<string, string> = {}): TestWorld {
  const lines: string[] = [];
  const ran: (readonly string[])[] = [];
  const env: Record<string, string> = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    ...more,
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

/** A stand-in with the CDN deployed into it, and where its distribution serves. */
export async function deployedAws(options: Partial<Parameters<typeof startAws>[0]> = {}) {
  const aws = startAws({ credentials: [KEY], ...options });
  const world = testWorld(aws);
  const code = await deploy([], world);
  const [distribution] = aws.distributions();
  const [bucket] = aws.s3.buckets.values();
  if (code !== 0 || !distribution || !bucket) throw new Error(world.text());
  return { aws, distribution, bucket, url: distribution.url };
}
