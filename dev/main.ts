import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { developmentDatabase } from "./data_dir.ts";
import { freshLinks } from "./demo_links.ts";
import { npxExited } from "./parent_process.ts";
import { startStack } from "./stack.ts";
import { interrupted, print } from "./terminal.ts";

const HELP = `deno task dev [options]

  --port <number>   port of the project; 54321 by default, 0 for any free one
  --json            print one JSON line for programs instead of the table
  --hosted-domain   rewrite HTML to text as the hosted domain does
  --front           people reach the page through the CDN, as cdn:deploy --front sets it up
  --logs            show the function's log lines
  --help            this text
`;

/** Reads the command line. Returns a text where the command should only print that and exit. */
function readOptions() {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: {
        port: { type: "string", default: "54321" },
        json: { type: "boolean", default: false },
        "hosted-domain": { type: "boolean", default: false },
        front: { type: "boolean", default: false },
        logs: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return HELP;
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      return `Cannot read --port ${values.port}: it takes a number from 0 to 65535\n\n${HELP}`;
    }
    return { ...values, port };
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n\n${HELP}`;
  }
}

const options = readOptions();
if (typeof options === "string") {
  print(options);
  Deno.exit(Deno.args.includes("--help") ? 0 : 2);
}

// Listens before anything is started, so that an early Ctrl-C stops cleanly too.
const stopped = Promise.race([interrupted(), npxExited()]);

const stack = await startStack({
  port: options.port,
  hostedDomain: options["hosted-domain"],
  front: options.front,
  database: {
    kind: "pglite",
    dataDir: await developmentDatabase(fileURLToPath(new URL("../", import.meta.url))),
  },
  ...(options.logs && !options.json ? { onLog: print } : {}),
}).catch((error) => {
  const inUse = error instanceof Deno.errors.AddrInUse;
  print(inUse ? `Port ${options.port} is taken: choose another with --port` : String(error?.stack));
  Deno.exit(1);
});
const people = await freshLinks(stack);

if (options.json) {
  const { baseUrl, pageUrl, chime, cdn } = stack;
  print(JSON.stringify({ baseUrl, pageUrl, chimeUrl: chime.url, cdnUrl: cdn.url, people }));
} else {
  const widest = Math.max(...people.map((one) => one.name.length));
  print(`\nchime-page runs at ${stack.baseUrl} (open it for fresh links at any time)\n`);
  print(`  Chime stand-in ${stack.chime.url}   CDN stand-in ${stack.cdn.url}`);
  print(`  deno task doctor ${stack.pageUrl}\n`);
  for (const { name, role, appointment, url } of people) {
    print(`  ${name.padEnd(widest)}  ${role.padEnd(8)}  ${appointment.padEnd(14)}  ${url}`);
  }
  print("\nEach link opens once, within 10 minutes. Ctrl-C stops everything.");
}

await stopped;
await stack.stop();
// Idle connections would keep the process alive for seconds.
Deno.exit(0);
