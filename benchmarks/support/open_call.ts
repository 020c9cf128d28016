/// <reference lib="dom" />
/** Opens a page that joins a call, on a slow phone and a slow network, and measures how it gets there. */
import type { BrowserContext, Page } from "playwright-core";
import { poll } from "../../tests/support/patience.ts";
import type { Conditions } from "./load_time.ts";

/** The replaced page does not always get a picture: after this long in the call, there is none. */
const PICTURE_MS = 20_000;

/** Milliseconds from the start of the navigation, bytes over the network, megabytes in use. */
export interface Opening {
  readonly paint: number;
  readonly sdk: number;
  readonly call: number;
  /** NaN if none came. */
  readonly frame: number;
  readonly bytes: number;
  /** Bytes that the document and the SDK's file took. */
  readonly sdkBytes: number;
  readonly memory: number;
}

/** Runs in the page before its scripts: notes when what all of the compared pages do has happened. */
function noteSteps(): void {
  const steps: Record<string, number> = {};
  const note = (step: string) => steps[step] ??= performance.now();
  Object.assign(globalThis, { steps });
  Object.defineProperty(globalThis, "ChimeSDK", {
    configurable: true,
    set(value) {
      note("sdk");
      Object.defineProperty(globalThis, "ChimeSDK", { value, writable: true, configurable: true });
    },
  });
  const inCall = () =>
    document.body?.dataset["phase"] === "in-call" ||
    document.getElementById("status-text")?.textContent === "Meeting in progress";
  new MutationObserver((_, observer) => {
    if (!inCall()) return;
    note("call");
    observer.disconnect();
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  document.addEventListener("loadeddata", ({ target }) => {
    const own = ["self-video", "local-video-element", "look"];
    if (target instanceof HTMLVideoElement && !own.includes(target.id)) note("frame");
  }, true);
}

/** Opens the page in a new tab, and closes it. */
export async function openCall(
  context: BrowserContext,
  url: string,
  conditions: Conditions,
  before: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<Opening> {
  const page = await context.newPage();
  try {
    await before(page);
    await page.addInitScript(noteSteps);
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Performance.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => bytes += encodedDataLength);
    const { network } = conditions;
    if (network) {
      const throughput = network.kbps * 1000 / 8;
      await session.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: network.latencyMs,
        downloadThroughput: throughput,
        uploadThroughput: throughput,
      });
    }
    await session.send("Emulation.setCPUThrottlingRate", { rate: conditions.cpu ?? 1 });
    await page.goto(url, { waitUntil: "commit" });
    const steps = (): Promise<Record<string, number>> =>
      page.evaluate(() => Reflect.get(globalThis, "steps"));
    await poll("the SDK", steps, ({ sdk }) => sdk !== undefined);
    const sdkBytes = bytes;
    await poll("the call", steps, ({ call }) => call !== undefined);
    const { sdk = NaN, call = NaN } = await steps();
    const end = Date.now() + PICTURE_MS;
    while ((await steps())["frame"] === undefined && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { frame = NaN } = await steps();
    const loaded = bytes;
    const paint = await page.evaluate(() =>
      performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN
    );
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const memory = (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? NaN) / 1e6;
    return { paint, sdk, call, frame, bytes: loaded, sdkBytes, memory };
  } finally {
    await page.close();
  }
}
