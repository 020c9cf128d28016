/**
 * `deno run -A dev/aws/main.ts`: the stand-in for AWS by itself, to rehearse the CDN's commands
 * without an account. It prints what to export, and each distribution's address as it comes to be.
 */
import { startAws } from "./aws.ts";

const KEY = { accessKeyId: "AKIAREHEARSAL0000000", secretAccessKey: "rehearsal-secret" };

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const aws = startAws({ credentials: [KEY], onDistribution: (one) => print(distributionLine(one)) });

function distributionLine(one: { readonly domain: string; readonly url: string }): string {
  return `https://${one.domain} serves here at ${one.url}: give it as --cdn-url`;
}

print(`export AWS_ENDPOINT_URL=${aws.url}`);
print(`export AWS_ACCESS_KEY_ID=${KEY.accessKeyId}`);
print(`export AWS_SECRET_ACCESS_KEY=${KEY.secretAccessKey}`);

const stopped = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => stopped.resolve());
}
await stopped.promise;
await aws.close();
Deno.exit(0);
