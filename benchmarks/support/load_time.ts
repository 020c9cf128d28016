/** How long a page takes until a script in it has run, on a slow phone or a slow network. */
import { brotliCompressSync, constants } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import type { Script } from "./peers.ts";

/** What is slowed down. */
export interface Conditions {
  readonly name: string;
  /** How many times slower the processor is. */
  readonly cpu?: number;
  readonly network?: { readonly latencyMs: number; readonly kbps: number };
}

const DONE = `<script>globalThis.executedMs = performance.now();</script>`;

function pageOf(script: Script): string {
  const tag = script.inline === true
    ? `<script>${script.text.replaceAll(/<\/script/gi, "<\\/script")}</script>`
    : `<script src="/script.js"></script>`;
  return `<!doctype html><meta charset=utf-8><title>load</title><link rel=icon href=data:,>` +
    `<body>${tag}${DONE}`;
}

/** An answer as a CDN would give it: Brotli at its highest setting. */
export function compressed(text: string, type: string): () => Response {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const bytes = new Uint8Array(brotliCompressSync(new TextEncoder().encode(text), { params }));
  const headers = {
    "content-type": type,
    "content-encoding": "br",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
  };
  return () => new Response(bytes, { headers });
}

/** A page with the script in it, served as a CDN would: Brotli at its highest setting. */
export function servePage(script: Script): { url: string; close(): Promise<void> } {
  const page = compressed(pageOf(script), "text/html");
  const file = compressed(script.text, "text/javascript");
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => undefined },
    (request) => new URL(request.url).pathname === "/script.js" ? file() : page(),
  );
  return { url: `http://127.0.0.1:${server.addr.port}/`, close: () => server.shutdown() };
}

/** Opens a page in a browser that has never seen it, and asks it something once it has loaded. */
export async function openOnce<Answer>(
  browser: Browser,
  url: string,
  conditions: Conditions,
  ask: (page: Page) => Promise<Answer>,
): Promise<Answer> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    if (conditions.network !== undefined) {
      const throughput = conditions.network.kbps * 1000 / 8;
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: conditions.network.latencyMs,
        downloadThroughput: throughput,
        uploadThroughput: throughput,
      });
    }
    if (conditions.cpu !== undefined) {
      await session.send("Emulation.setCPUThrottlingRate", { rate: conditions.cpu });
    }
    await page.goto(url, { waitUntil: "load", timeout: 60_000 });
    return await ask(page);
  } finally {
    await context.close();
  }
}

/** @returns milliseconds from the start of the navigation until the script has run */
export async function loadOnce(
  browser: Browser,
  url: string,
  global: string,
  conditions: Conditions,
): Promise<number> {
  const { executedMs, there } = await openOnce(
    browser,
    url,
    conditions,
    (page) =>
      page.evaluate((name) => ({
        executedMs: Number(Reflect.get(globalThis, "executedMs")),
        there: Reflect.get(globalThis, name) !== undefined,
      }), global),
  );
  if (!there) throw new Error(`Cannot measure: the script did not define ${global}`);
  return executedMs;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = sorted.length % 2 === 1
    ? [sorted[middle], sorted[middle]]
    : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}
