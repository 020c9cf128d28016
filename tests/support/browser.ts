/**
 * A real Chromium for tests. Camera and microphone are the browser's own fakes; permission prompts
 * answer themselves.
 */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { env, getuid } from "node:process";
import type { PageState } from "../../client/bridge/chime-page.d.ts";
import { type ChromiumVersion, findChromium } from "./chromium.ts";
import { PATIENCE_MS, until } from "./patience.ts";
import { looseTest } from "./sanitizers.ts";

/** How a test's browser differs from the usual one. */
export interface BrowserOptions {
  /** Chromium's major version. Default 147. */
  readonly version?: ChromiumVersion;
  /** Chromium's fake camera and microphone; without them there are no devices. Default true. */
  readonly devices?: boolean;
  /** Sound plays without a tap, as in a host app that allows it. Default true. */
  readonly autoplay?: boolean;
  /** Answer for camera and microphone prompts. `prompt` leaves them unanswered. Default `allow`. */
  readonly permission?: "allow" | "deny" | "prompt";
  /** Further command line switches. */
  readonly args?: readonly string[];
}

/** A screen to look at the page on. Default: a small phone, 360x640 CSS pixels at 2x. */
export interface PhoneOptions {
  readonly width?: number;
  readonly height?: number;
  /** BCP 47; sets `Accept-Language` and `navigator.language`. */
  readonly locale?: string;
  readonly timezone?: string;
  readonly touch?: boolean;
  readonly reducedMotion?: boolean;
  readonly javaScript?: boolean;
  /** Device pixels per CSS pixel. Default 2. */
  readonly scale?: number;
}

/** A page, and everything that it reported. */
export interface Phone {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console lines, `type: text`. CSP violations arrive here as errors. */
  readonly console: string[];
  /** Uncaught errors of the page. */
  readonly errors: string[];
  /** Messages of alert, confirm and prompt; each was dismissed. */
  readonly dialogs: string[];
  close(): Promise<void>;
}

/** Starts a Chromium. Close it with `close()`; one serves many phones. */
export async function launchBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const { executable, environment } = await findChromium(options.version ?? 147);
  const { devices = true, autoplay = true, permission = "allow" } = options;
  const args = [
    "--disable-gpu",
    "--hide-scrollbars",
    // Both ends of a test's call run on one machine: background pages must not be throttled.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    // Host candidates must be plain addresses: nobody answers mDNS here.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    ...(devices ? ["--use-fake-device-for-media-stream"] : []),
    ...(permission === "allow" ? ["--use-fake-ui-for-media-stream"] : []),
    ...(permission === "deny" ? ["--use-fake-ui-for-media-stream=deny"] : []),
    `--autoplay-policy=${
      autoplay ? "no-user-gesture-required" : "document-user-activation-required"
    }`,
    // Chromium's sandbox refuses to start for root.
    ...(getuid?.() === 0 ? ["--no-sandbox"] : []),
    ...(options.args ?? []),
  ];
  return await chromium.launch({
    executablePath: executable,
    headless: true,
    args,
    env: { ...env, ...environment },
  });
}

/** A test with a browser of its own. */
export function browserTest(
  name: string,
  run: (browser: Browser, t: Deno.TestContext) => Promise<void>,
  options: BrowserOptions = {},
): void {
  looseTest(name, async (t) => {
    const browser = await launchBrowser(options);
    try {
      await run(browser, t);
    } finally {
      await browser.close();
    }
  });
}

/** A fresh phone with its own storage and cookies, which records its console. */
export async function newPhone(browser: Browser, options: PhoneOptions = {}): Promise<Phone> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 360, height: options.height ?? 640 },
    deviceScaleFactor: options.scale ?? 2,
    hasTouch: options.touch ?? true,
    locale: options.locale ?? "en-GB",
    timezoneId: options.timezone ?? "Africa/Douala",
    reducedMotion: options.reducedMotion === true ? "reduce" : "no-preference",
    javaScriptEnabled: options.javaScript ?? true,
    // Test servers speak plain HTTP on the loopback address or use throw-away certificates.
    ignoreHTTPSErrors: true,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const said: string[] = [];
  const errors: string[] = [];
  const dialogs: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    dialog.dismiss().catch(() => undefined);
  });
  return { page, context, console: said, errors, dialogs, close: () => context.close() };
}

/** Opens a link on a phone of its own, passes it to `look` with the HTTP status, and closes it. */
export async function onPhone<T>(
  browser: Browser,
  url: string,
  look: (phone: Phone, status: number) => Promise<T>,
): Promise<T> {
  const phone = await newPhone(browser);
  try {
    const answer = await phone.page.goto(url, { waitUntil: "load" });
    return await look(phone, answer?.status() ?? 0);
  } finally {
    await phone.close();
  }
}

/**
 * Waits until `check` holds in the page, also across its navigations. Playwright's `waitForFunction`
 * evaluates a text from its second look on, which the page's Content-Security-Policy forbids.
 */
export async function untilInPage(page: Page, check: () => boolean): Promise<void> {
  await until(String(check), () => page.evaluate(check).catch(whileNavigating));
}

/** Waits until the page is in a phase of the visit. */
export async function untilPhase(page: Page, phase: PageState): Promise<void> {
  await until(`phase ${phase}`, async () => await phaseOf(page) === phase);
}

/** The phase of the visit that a page is in. */
export function phaseOf(page: Page): Promise<string | null> {
  return page.getAttribute("body", "data-phase");
}

function whileNavigating(error: Error): false {
  if (/navigation|context was destroyed/i.test(error.message)) return false;
  throw error;
}
