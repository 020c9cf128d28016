/**
 * Stands for the platform's worker: replaces `Deno.serve` by one that listens on a port of the
 * worker's choice, then imports the function's unchanged `index.ts`. It has no imports, so that it
 * runs on the platform's Deno 2.1.4 beside a copy of `supabase/`.
 *
 *     deno run -A worker.ts <path of index.ts> <port, 0 for any>
 *
 * Prints `{"listening": <port>}` as its first line; every later line is the function's log.
 */
const [entry, port] = Deno.args;
if (!entry || !port) throw new TypeError("Cannot start: worker.ts <index.ts> <port>");

const serve = Deno.serve;
type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

Object.defineProperty(Deno, "serve", {
  value: (...args: readonly unknown[]) => {
    const handler = args.find((arg) => typeof arg === "function") as Handler;
    return serve({
      hostname: "127.0.0.1",
      port: Number(port),
      onListen: (address) => write({ listening: address.port }),
    }, handler);
  },
});
// Like the platform's worker, this process stays alive for work after the response.
Object.assign(globalThis, { EdgeRuntime: { waitUntil: (work: Promise<unknown>) => work } });

function write(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}

const url = entry.startsWith("file:") ? entry : new URL(entry, `file://${Deno.cwd()}/`).href;
await import(url);
