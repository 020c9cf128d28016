/** The page that this project replaces (`seed_page.html`), with the whole SDK in it or beside it. */
import { readFile } from "node:fs/promises";
import { integrityOf } from "../../sdk/manifest.ts";
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";

const PAGE = new URL("./seed_page.html", import.meta.url);

/**
 * Renders the page.
 * @param sdk the SDK's script
 * @param url where the page loads it from; without one it is inline
 */
export async function seedPage(join: JoinInfo, sdk: string, url?: string): Promise<string> {
  const config = { ...join, userName: "Patient", isProvider: false, sessionId: "1" };
  const page = (await readFile(PAGE, "utf8")).replace("PAGE_CONFIG", () => JSON.stringify(config));
  if (url === undefined) {
    const inline = `<script>${sdk.replaceAll(/<\/script/gi, "<\\/script")}</script>`;
    return page.replace(/<script\s+src="SDK_URL"[\s\S]*?<\/script>/, () => inline);
  }
  const integrity = integrityOf(new TextEncoder().encode(sdk));
  return page.replace("SDK_URL", () => url).replace("SDK_INTEGRITY", () => integrity);
}
