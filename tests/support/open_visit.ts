/** A visit's page on a phone, served by a server of its own. */
import type { Browser, Page } from "playwright-core";
import { newPhone, type Phone, type PhoneOptions } from "./browser.ts";
import { addHost } from "./page_host.ts";
import { type ServeOptions, serveVisit, type VisitServer } from "./visit_server.ts";

/** A page, its phone and its server. */
export interface OpenVisit {
  readonly phone: Phone;
  readonly page: Page;
  readonly visit: VisitServer;
  close(): Promise<void>;
}

/** How a page is opened. */
export interface OpenOptions extends ServeOptions {
  readonly phone?: PhoneOptions;
  /** An app around the page listens: see {@link addHost}. */
  readonly hosted?: boolean;
  /** Prepares the page before it is opened. */
  readonly before?: (page: Page) => Promise<unknown>;
}

/** Serves a visit and prepares a phone for it; the test opens `visit.url` when it is ready. */
export async function prepareVisit(
  browser: Browser,
  data: Parameters<typeof serveVisit>[0],
  options: OpenOptions = {},
): Promise<OpenVisit> {
  const visit = serveVisit(data, options);
  const phone = await newPhone(browser, options.phone);
  const { page } = phone;
  if (options.hosted) await addHost(page);
  await options.before?.(page);
  const close = async () => {
    await phone.close();
    await visit.close();
  };
  return { phone, page, visit, close };
}

/** Opens a visit's page. */
export async function openVisit(
  ...[browser, data, options]: Parameters<typeof prepareVisit>
): Promise<OpenVisit> {
  const opened = await prepareVisit(browser, data, options);
  // Not `load`: an SDK file that never ends would be waited for.
  await opened.page.goto(opened.visit.url, { waitUntil: "domcontentloaded" });
  return opened;
}
