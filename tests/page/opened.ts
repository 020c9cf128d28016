/// <reference lib="dom" />
/** A visit's page opened in a real browser, its SDK from real origins that can fail. */
import type { Browser } from "playwright-core";
import { SDK_DIRECTORY } from "../../sdk/build.ts";
import { type Cdn, startCdn } from "../../dev/cdn/origin.ts";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser, newPhone, type Phone } from "../support/browser.ts";
import { PATIENCE_MS } from "../support/patience.ts";
import { testedSdk } from "../support/sdk.ts";
import { serveVisit, visitData, type VisitServer } from "./support.ts";

// Signalling of these pages leads nowhere; the policy lets them try, so that trying logs no violation.
export const NOWHERE = ["ws://127.0.0.1:65534"];

/** A page, its server, a CDN and a phone, for one test. */
export interface Scene {
  readonly phone: Phone;
  readonly visit: VisitServer;
  readonly cdn: Cdn;
  /** The second origin. */
  readonly second: Cdn;
  phase(): Promise<string | null>;
  /** `event/data` of what a host heard so far. */
  heard(): Promise<string[]>;
}

/** Opens a visit's page on a phone and plays with it; everything is closed afterwards. */
export async function scene(
  browser: Browser,
  changes: Partial<VisitPageData>,
  play: (scene: Scene) => Promise<void>,
  options: {
    timeoutMs?: number;
    phone?: Parameters<typeof newPhone>[1];
    /** Whether the page knows a second origin. */
    fallback?: boolean;
  } = {},
): Promise<void> {
  const [cdn, second] = [
    await startCdn({ directory: SDK_DIRECTORY }),
    await startCdn({ directory: SDK_DIRECTORY }),
  ];
  const { file, integrity } = await testedSdk();
  const sdk = {
    url: `${cdn.url}/${file}`,
    integrity,
    timeoutMs: options.timeoutMs ?? PATIENCE_MS,
    ...(options.fallback ? { fallbackUrl: `${second.url}/${file}` } : {}),
  };
  const visit = serveVisit(
    (origin) => visitData({ api: { base: `${origin}/visit`, session: "s3cret" }, sdk, ...changes }),
    { connect: NOWHERE },
  );
  const phone = await newPhone(browser, options.phone);
  await phone.page.addInitScript(() => {
    const heard: string[] = [];
    const channel = { postMessage: (text: string) => heard.push(text) };
    Object.assign(globalThis, { heard, ChimeHandler: channel });
  });
  try {
    await play({
      phone,
      visit,
      cdn,
      second,
      phase: () => phone.page.getAttribute("body", "data-phase"),
      heard: async () => {
        const texts = await phone.page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
        return texts.map((text) => JSON.parse(text)).map(({ event, data }) => `${event}/${data}`);
      },
    });
  } finally {
    await phone.close();
    cdn.heal();
    await visit.close();
    await cdn.close();
    await second.close();
  }
}

/** Runs steps against one browser of a kind. */
export async function withBrowser(
  options: Parameters<typeof launchBrowser>[0],
  run: (browser: Browser) => Promise<void>,
): Promise<void> {
  const browser = await launchBrowser(options);
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
}
