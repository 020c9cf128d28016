/** A visit's page in a real browser, which loads its SDK from real origins that can fail. */
import type { Browser } from "playwright-core";
import type { Cdn } from "../../dev/cdn/origin.ts";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Phone, PhoneOptions } from "../support/browser.ts";
import { type OpenVisit, prepareVisit } from "../support/open_visit.ts";
import { serveSdk } from "../support/sdk.ts";

/** A page that is not opened yet, and the origins of its SDK. */
export interface CdnPage extends OpenVisit {
  readonly cdn: Cdn;
  /** The second origin. */
  readonly fallback: Cdn;
}

/** What a test may change. */
export interface CdnPageOptions {
  readonly timeoutMs?: number;
  readonly phone?: PhoneOptions;
  /** Whether the page knows the second origin. */
  readonly fallback?: boolean;
  /** Where signalling may try to connect. By default it leads nowhere. */
  readonly connect?: readonly string[];
}

/** The policy lets the page try to connect, so that trying logs no violation. */
export const NOWHERE: readonly string[] = ["ws://127.0.0.1:65534"];

/** Prepares a page for a test, and closes everything afterwards. */
export async function withCdnPage(
  browser: Browser,
  changes: Partial<VisitPageData>,
  run: (page: CdnPage) => Promise<void>,
  { timeoutMs, phone = {}, fallback: known = false, connect = NOWHERE }: CdnPageOptions = {},
): Promise<void> {
  const { cdn, sdk } = await serveSdk();
  const { cdn: fallback, sdk: second } = await serveSdk();
  const opened = await prepareVisit(browser, {
    sdk: {
      ...sdk,
      timeoutMs: timeoutMs ?? sdk.timeoutMs,
      ...(known ? { fallbackUrl: second.url } : {}),
    },
    ...changes,
  }, { connect, phone, hosted: true });
  try {
    await run({ ...opened, cdn, fallback });
  } finally {
    await opened.close();
    cdn.heal();
    await cdn.close();
    await fallback.close();
  }
}

/** Errors and warnings of the console, a policy's violations among them. */
export function complaints(phone: Phone): string[] {
  return phone.console.filter((line) => /^(error|warning)/.test(line));
}
