/**
 * Starts a local Amazon Chime and prints how to reach it; Ctrl-C stops it.
 *
 *   deno run -A dev/chime/main.ts [--port <number>] [--region <region>]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { startChime } from "./chime.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8090" },
    region: { type: "string", default: "eu-central-1" },
  },
});
const credentials = {
  accessKeyId: process.env["AWS_ACCESS_KEY_ID"] ?? "AKIDEXAMPLE",
  secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "example-secret",
};
const { region } = values;
const chime = await startChime({ port: Number(values.port), region, credentials: [credentials] });
process.stdout.write(
  `A local Amazon Chime runs at ${chime.url}, region ${region}, access key ${credentials.accessKeyId}\n`,
);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void chime.close().then(() => process.exit(0)));
}
