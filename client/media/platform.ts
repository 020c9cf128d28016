/** Chooses the instructions for allowing a device. Pure. */
import type { CallTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";

/** Tells the web view of an app from a browser. */
export interface Platform {
  readonly userAgent: string;
  /** Whether a host app or site listens. */
  readonly hosted: boolean;
}

/** Browsers on iOS other than Safari: iOS keeps their permissions, as it does for any app. */
const IOS_BROWSER = /(?:CriOS|FxiOS|EdgiOS|OPT|OPiOS|DuckDuckGo|GSA)\//;

/**
 * Returns the key of the instructions for this platform.
 * @param touch whether the device has a touchscreen: iPads report themselves as Macs
 */
export function permissionHelp(
  { userAgent, hosted }: Platform,
  touch: boolean,
): CallTextKey {
  const android = /Android/.test(userAgent);
  const apple = /iPhone|iPad|iPod/.test(userAgent) || (touch && /Macintosh/.test(userAgent));
  // Android web views contain `wv`; WebKit web views lack `Safari/`.
  const app = hosted || /; wv\)/.test(userAgent) ||
    (apple && (!/Safari\//.test(userAgent) || IOS_BROWSER.test(userAgent)));
  if (android && app) return "allowAndroidApp";
  if (apple && app) return "allowIosApp";
  if (/Firefox\//.test(userAgent)) return "allowFirefox";
  const safari = apple || (/Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent));
  return safari ? "allowSafari" : "allowChrome";
}
