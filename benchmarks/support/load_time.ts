/** How long a page takes to load, on a slow phone or a slow network. */
import { brotliCompressSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { type LocalServer, serveLocally } from "../../dev/local_server.ts";
import type { Script } from "./peers.ts";

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

/** An emulated slow 3G network. */
export const SLOW_3G: Conditions = { name: "slow 3G", network: { latencyMs: 400, kbps: 400 } };

/** Responses as of a CDN, with Brotli at its highest setting, which is zlib's default. */
export function compressed(text: string, type: string): () => Response {
  const bytes = new Uint8Array(brotliCompressSync(text));
  const headers = {
    "content-type": type,
    "content-encoding": "br",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
  };
  return () => new Response(bytes, { headers });
}

/** Serves a page with the script in it. */
export function servePage(script: Script): LocalServer {
  const page = compressed(pageOf(script), "text/html");
  const file = compressed(script.text, "text/javascript");
  return serveLocally((request) =>
    new URL(request.url).pathname === "/script.js" ? file() : page()
  );
}

/**
 * Does each piece of work `runs` times, in turns, so that the machine is the same for all. The first
 * round warms the browser up and is not counted.
 */
export async function inTurns<T>(
  runs: number,
  works: readonly (() => Promise<T>)[],
): Promise<T[][]> {
  const results = works.map((): T[] => []);
  for (let run = 0; run <= runs; run++) {
    for (const [at, work] of works.entries()) {
      const result = await work();
      if (run > 0) results[at]?.push(result);
    }
  }
  return results;
}

/** Opens a page with an empty cache, and evaluates something in it once it has loaded. */
export async function openOnce<Answer>(
  browser: Browser,
  url: string,
  conditions: Conditions,
  evaluate: (page: Page) => Promise<Answer>,
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
    return await evaluate(page);
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
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
}
