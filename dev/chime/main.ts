/**
 * Starts a local Amazon Chime and prints how to reach it; Ctrl-C stops it.
 *
 *   deno run -A dev/chime/main.ts [--port <number>] [--region <region>]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { startChime } from "./chime.ts";

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8090" },
      region: { type: "string", default: "eu-central-1" },
    },
  });
  const port = Number(values.port);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return { ...values, port };
  throw new Error(`Cannot read --port ${values.port}: it takes a number from 0 to 65535`);
}

let options: ReturnType<typeof readOptions>;
try {
  options = readOptions();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(2);
}
const credentials = {
  accessKeyId: process.env["AWS_ACCESS_KEY_ID"] ?? "AKIDEXAMPLE",
  secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "example-secret",
};
const chime = await startChime({ ...options, credentials: [credentials] });
process.stdout.write(
  `A local Amazon Chime runs at ${chime.url}, region ${options.region}, access key ${credentials.accessKeyId}\n`,
);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void chime.close().then(() => process.exit(0)));
}
