import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface FunctionOptions {
  /** The function's whole environment, beside what Deno itself needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** The Deno to run it with; by default the one that runs this. */
  readonly deno?: string;
  /** Flags before the file, e.g. `["--no-lock"]`. */
  readonly flags?: readonly string[];
  /** The folder that `functions/` is in; by default this checkout's `supabase/`. */
  readonly supabaseDir?: string;
  /** The function's file; by default its `index.ts` in `supabaseDir`. */
  readonly entry?: string;
  /** The worker to run; a copy beside another `supabaseDir` keeps 2.1.4 from our `deno.json`. */
  readonly worker?: string;
  readonly onLog?: (line: string) => void;
}

export type FunctionProcess = Awaited<ReturnType<typeof startFunction>>;

const SUPABASE_DIR = fileURLToPath(new URL("../../supabase", import.meta.url));
const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/** What Deno needs of the machine's environment to find its cache and its packages. */
const KEPT = [
  "DENO_DIR",
  "DENO_TLS_CA_STORE",
  "HOME",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "NPM_CONFIG_REGISTRY",
  "PATH",
  "SSL_CERT_FILE",
  "TMPDIR",
  "XDG_CACHE_HOME",
];

/** Starts the function in a process and waits until it listens. */
export async function startFunction(options: FunctionOptions) {
  const supabaseDir = options.supabaseDir ?? SUPABASE_DIR;
  const kept = KEPT.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const child = spawn(options.deno ?? Deno.execPath(), [
    "run",
    "--quiet",
    // What the platform gives a function: the network, its environment, but no file to write.
    "--allow-net",
    "--allow-env",
    "--allow-sys",
    "--allow-read",
    ...(options.flags ?? []),
    options.worker ?? WORKER,
    // A URL, because a folder may have any name.
    pathToFileURL(options.entry ?? `${supabaseDir}/functions/chime-page/index.ts`).href,
    "0",
  ], {
    // A proxy's certificate may be in the system's store only: 2.9 asks it by itself, but the
    // platform's 2.1.4 only when told.
    env: {
      DENO_TLS_CA_STORE: "mozilla,system",
      ...Object.fromEntries(kept),
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Ends the function if this process exits without stopping it.
  const kill = () => void child.kill("SIGKILL");
  globalThis.addEventListener("unload", kill);
  const closed = once(child, "close").finally(() => globalThis.removeEventListener("unload", kill));
  const port = Promise.withResolvers<string>();
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const listening = /^\{"listening":(\d+)\}$/.exec(line)?.[1];
    if (listening === undefined) options.onLog?.(line);
    else port.resolve(listening);
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    errors.push(line);
    options.onLog?.(line);
  });
  closed.then(() =>
    port.reject(new Error(`The function ended at its start:\n${errors.join("\n")}`))
  )
    .catch(port.reject);
  return {
    /** Paths begin with `/chime-page`. */
    url: `http://127.0.0.1:${await port.promise}`,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill("SIGTERM");
      await closed;
    },
  };
}
