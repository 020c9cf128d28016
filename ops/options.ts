import { parseArgs, type ParseArgsConfig } from "node:util";
import { usage } from "./failure.ts";

type Declared = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads a command line that takes options alone.
 * Throws the usage failure (exit code 2) that names what was not understood.
 */
export function readOptions<T extends Declared>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

/** Options of every command that reads a stack. */
export const STACK_OPTIONS = {
  "stack-name": { type: "string", default: "chime-page-cdn" },
  region: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** Help of {@link STACK_OPTIONS}. */
export const STACK_HELP = `  --stack-name <name>   name of the CDN's stack; chime-page-cdn
  --region <region>     where the stack is; AWS_REGION, else eu-central-1
  --help                this text

Credentials are the AWS clients' own: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`;

/** The region of the bucket and its stack. */
export function regionOf(
  given: string | undefined,
  env: (name: string) => string | undefined,
): string {
  const region = given ?? env("AWS_REGION") ?? "eu-central-1";
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw usage(`Cannot read --region ${region}: it takes a region such as eu-central-1`);
  }
  return region;
}
