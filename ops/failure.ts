import type { World } from "./world.ts";

/** Why a command can't go on, and what to do about it. */
export class Failure extends Error {
  constructor(message: string, readonly remedy: string, readonly exitCode: 1 | 2 = 1) {
    super(message);
  }
}

/** The command line was not understood. */
export function usage(message: string): Failure {
  return new Failure(message, "run it with --help", 2);
}

/** Runs a command and turns what it throws into two lines and an exit code: 0, 1, or 2 for usage. */
export async function conclude(world: World, command: () => Promise<void>): Promise<number> {
  try {
    await command();
    return 0;
  } catch (error) {
    const { message, remedy, exitCode } = asFailure(error);
    world.print(`FAILED  ${message}`);
    world.print(`remedy  ${remedy}`);
    return exitCode;
  }
}

/** Remedies by the code AWS answers. */
const REMEDIES: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    "give AWS credentials: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  InvalidAccessKeyId: "check AWS_ACCESS_KEY_ID: AWS does not know it",
  InvalidClientTokenId: "check AWS_ACCESS_KEY_ID: AWS does not know it",
  SignatureDoesNotMatch: "check AWS_SECRET_ACCESS_KEY: it is not the secret of this key",
  ExpiredToken: "the temporary credentials are over: sign in again",
  RequestTimeTooSkewed: "set this machine's clock: AWS refuses more than 15 minutes of difference",
  AccessDenied: "give this key the permissions listed in docs/deploying.md",
  AccessDeniedException: "give this key the permissions listed in docs/deploying.md",
  NoSuchBucket: "check --stack-name and --region, or deploy first: deno task cdn:deploy",
};

/** Any error as a failure with its remedy. Messages of AWS name resources and rules, no secrets. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === "ValidationError" && /does not exist$/.test(message)) {
    return new Failure(message, "check --stack-name and --region, or run deno task cdn:deploy");
  }
  const remedy = REMEDIES[name] ??
    (/ECONNREFUSED|ENOTFOUND|timed? ?out/i.test(`${name} ${message}`)
      ? "check the network, and AWS_ENDPOINT_URL if it is set"
      : "read AWS's sentence above; docs/operations.md lists the usual causes");
  return new Failure(`${name}: ${message}`, remedy);
}

/** Whether an error of AWS has this code or HTTP status. */
export function isAws(error: unknown, ...codes: readonly (string | number)[]): boolean {
  const { name, $metadata } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  return codes.some((code) => code === name || code === $metadata?.httpStatusCode);
}
