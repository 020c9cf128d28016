import type { Dependencies } from "./dependencies.ts";

/** Why a command cannot go on, and what to do about it. */
export class Failure extends Error {
  constructor(message: string, readonly remedy: string, readonly exitCode: 1 | 2 = 1) {
    super(message);
  }
}

/** A failure for a command line that cannot be understood; exit code 2. */
export function usage(message: string): Failure {
  return new Failure(message, "run it with --help", 2);
}

/** Runs a command and returns its exit code: 0, 1, or 2 for wrong usage. Prints what it throws. */
export async function conclude(
  dependencies: Dependencies,
  command: () => Promise<void>,
): Promise<number> {
  try {
    await command();
    return 0;
  } catch (error) {
    const { message, remedy, exitCode } = asFailure(error);
    dependencies.print(`FAILED  ${message}`);
    dependencies.print(`remedy  ${remedy}`);
    return exitCode;
  }
}

/** Remedies for AWS's error codes. */
const REMEDIES: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    "give AWS credentials: AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  InvalidAccessKeyId: "check AWS_ACCESS_KEY_ID: AWS does not know it",
  InvalidClientTokenId: "check AWS_ACCESS_KEY_ID: AWS does not know it",
  SignatureDoesNotMatch: "check AWS_SECRET_ACCESS_KEY: it is not the secret of this key",
  ExpiredToken: "the temporary credentials have expired: sign in again",
  RequestTimeTooSkewed: "set this machine's clock: AWS refuses more than 15 minutes of difference",
  AccessDenied: "give this key the permissions listed in docs/deploying.md",
  AccessDeniedException: "give this key the permissions listed in docs/deploying.md",
  NoSuchBucket: "check --stack-name and --region, or deploy first: deno task cdn:deploy",
};

/** Turns any error into a failure with a remedy. AWS's messages name resources and rules, no secrets. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === "ValidationError" && /does not exist$/.test(message)) {
    return new Failure(message, "check --stack-name and --region, or run deno task cdn:deploy");
  }
  const remedy = REMEDIES[name] ??
    (/ECONNREFUSED|ENOTFOUND|timed? ?out/i.test(`${name} ${message}`)
      ? "check the network, and AWS_ENDPOINT_URL if it is set"
      : "read AWS's message above; docs/operations.md lists the usual causes");
  return new Failure(`${name}: ${message}`, remedy);
}

/** Whether an error from AWS has one of these codes or HTTP statuses. */
export function isAws(error: unknown, ...codes: readonly (string | number)[]): boolean {
  const { name, $metadata } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  return codes.some((code) => code === name || code === $metadata?.httpStatusCode);
}
