import { parseArgs, type ParseArgsConfig } from "node:util";
import { usage } from "./failure.ts";

/** Parses a command line. Throws a usage failure that names what is wrong. */
export function readOptions<T extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: T,
  allowPositionals = false,
) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals });
    return { ...parsed.values, positionals: parsed.positionals };
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

export const STACK_OPTIONS = {
  "stack-name": { type: "string", default: "chime-page-cdn" },
  region: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

export const STACK_HELP = `  --stack-name <name>   name of the CDN's stack; default: chime-page-cdn
  --region <region>     region of the stack; default: AWS_REGION, or else eu-central-1
  --help                print this text

Credentials are read as by every AWS client: AWS_PROFILE, or AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY.`;

/** The region of the bucket and its stack: the option, or AWS_REGION, or the default. */
export function regionOf(
  given: string | undefined,
  env: (name: string) => string | undefined,
): string {
  const region = given ?? env("AWS_REGION") ?? "eu-central-1";
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw usage(`--region takes a region such as eu-central-1, not ${region}`);
  }
  return region;
}
