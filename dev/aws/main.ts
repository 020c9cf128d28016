/**
 * `deno run -A dev/aws/main.ts`: the stand-in for AWS by itself, to try the CDN's commands without an
 * account. Prints what to export, and the address of each new distribution.
 */
import { interrupted, print } from "../terminal.ts";
import { startAws } from "./aws.ts";

const KEY = { accessKeyId: "AKIAREHEARSAL0000000", secretAccessKey: "rehearsal-secret" };

const aws = startAws({
  credentials: [KEY],
  onDistribution: ({ domain, url }) =>
    print(`https://${domain} serves here at ${url}: give it as --cdn-url`),
});

print(`export AWS_ENDPOINT_URL=${aws.url}`);
print(`export AWS_ACCESS_KEY_ID=${KEY.accessKeyId}`);
print(`export AWS_SECRET_ACCESS_KEY=${KEY.secretAccessKey}`);

await interrupted();
await aws.close();
Deno.exit(0);
