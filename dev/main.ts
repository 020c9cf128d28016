import { readOptions } from "./options.ts";
import { npxExited } from "./parent_process.ts";
import { interrupted, print, progress } from "./terminal.ts";

const options = readOptions(Deno.args);
if (typeof options === "string") {
  print(options);
  Deno.exit(Deno.args.includes("--help") ? 0 : 2);
}

// Listens before anything is started, so that an early Ctrl-C stops cleanly too.
const stopped = Promise.race([interrupted(), npxExited()]);
progress("chime-page is starting. The first start also builds the SDK file, so it takes longer.");

// Loaded only now, so that the line above is not late on a slow machine.
const { runStandIns, runSystem } = await import("./run.ts");
const stop = await (options["stand-ins"] ? runStandIns(options) : runSystem(options));
await stopped;
await stop();
// Idle connections would keep the process alive for seconds.
Deno.exit(0);
