/** Which settings a person has to open to allow a device. Pure. */
import type { CallTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";

/** What tells an app's web view from a browser. */
export interface Surroundings {
  readonly userAgent: string;
  /** A bridge of a host app is there. */
  readonly hosted: boolean;
}

/** The text with the way to the settings. iPads say they are Macs, but only they have fingers. */
export function wayToSettings(
  { userAgent, hosted }: Surroundings,
  touch: boolean,
): CallTextKey {
  const android = /Android/.test(userAgent);
  const apple = /iPhone|iPad|iPod/.test(userAgent) || (touch && /Macintosh/.test(userAgent));
  // Android says `wv`; WebKit's web views lack the name of the browser.
  const app = hosted || /; wv\)/.test(userAgent) || (apple && !/Safari\//.test(userAgent));
  if (android && app) return "allowAndroidApp";
  if (apple && app) return "allowIosApp";
  const safari = apple || (/Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent));
  return safari ? "allowSafari" : "allowChrome";
}
