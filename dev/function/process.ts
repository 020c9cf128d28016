import { fileURLToPath, pathToFileURL } from "node:url";

/** How to run the function as a process of its own. */
export interface FunctionOptions {
  /** The function's whole environment; nothing is inherited but what Deno itself needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** The Deno to run it with; by default the one that runs this. */
  readonly deno?: string;
  /** Flags before the file, e.g. `["--no-lock"]`. */
  readonly flags?: readonly string[];
  /** Where `functions/` lies; by default this checkout's `supabase/`. */
  readonly supabaseDir?: string;
  /** The worker to run; a copy beside another `supabaseDir` keeps 2.1.4 from our `deno.json`. */
  readonly worker?: string;
  /** Every log line of the function. */
  readonly onLog?: (line: string) => void;
}

/** A running function. */
export interface FunctionProcess {
  /** Where it listens, without a slash at the end; paths begin with `/chime-page`. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

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
export async function startFunction(options: FunctionOptions): Promise<FunctionProcess> {
  const supabaseDir = options.supabaseDir ?? SUPABASE_DIR;
  const kept = Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const child = new Deno.Command(options.deno ?? Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      // What the platform gives a function: the network, its environment, no file of ours to write.
      "--allow-net",
      "--allow-env",
      "--allow-sys",
      "--allow-read",
      ...(options.flags ?? []),
      options.worker ?? WORKER,
      // A URL, because a folder may have any name.
      pathToFileURL(`${supabaseDir}/functions/chime-page/index.ts`).href,
      "0",
    ],
    // Builders behind a proxy trust its certificate by the system's store: 2.9 asks it by itself,
    // the platform's 2.1.4 only when told, and would find none of its packages in an empty cache.
    env: { DENO_TLS_CA_STORE: "mozilla,system", ...kept, ...options.environment },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  // Whoever leaves without stopping it does not leave it behind.
  const kill = () => child.kill("SIGKILL");
  globalThis.addEventListener("unload", kill);
  child.status.then(() => globalThis.removeEventListener("unload", kill));

  const port = Promise.withResolvers<number>();
  const errors: string[] = [];
  const output = readLines(child.stdout, (line) => {
    const listening = listeningPort(line);
    if (listening === undefined) options.onLog?.(line);
    else port.resolve(listening);
  });
  const complaints = readLines(child.stderr, (line) => {
    errors.push(line);
    options.onLog?.(line);
  });
  child.status.then(() =>
    port.reject(new Error(`The function ended at its start:\n${errors.join("\n")}`))
  );
  return {
    url: `http://127.0.0.1:${await port.promise}`,
    pid: child.pid,
    stop: async () => {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      await Promise.all([child.status, output, complaints]);
    },
  };
}

function listeningPort(line: string): number | undefined {
  const port = /^\{"listening":(\d+)\}$/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}

async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
  if (rest !== "") onLine(rest);
}
