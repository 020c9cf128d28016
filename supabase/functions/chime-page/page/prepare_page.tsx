/** The page that an app opens in a hidden web view, so that a later visit finds its files in the cache. */
import { html, raw } from "hono/html";
import { direction, type Language } from "../contract/languages.ts";
import type { PrepareData } from "../contract/page_data.ts";
import { pageTexts } from "../i18n/languages.ts";
import { PREPARE_SCRIPT, PREPARE_SCRIPT_HASH } from "./client.generated.ts";
import { jsonForScript } from "./json_for_script.ts";

/** Input of the page. */
export interface PreparePageModel {
  readonly language: Language;
  readonly data: PrepareData;
  /** For `<meta>`. */
  readonly cspMeta: string;
}

/** CSP source (`sha256-…`, without quotes) of the page's inline script. It has no style. */
export function preparePageHashes(): { readonly script: string } {
  return { script: PREPARE_SCRIPT_HASH };
}

/** Renders the page, which shows nothing. */
export function renderPreparePage({ language, data, cspMeta }: PreparePageModel): string {
  // deno-fmt-ignore -- without whitespace between the elements
  return String(html`<!doctype html><html lang="${language}" dir="${direction(language)}"><head>${
    raw('<meta charset="utf-8">')
  }<meta http-equiv="Content-Security-Policy" content="${cspMeta}"><title>${
    pageTexts(language).documentTitle
  }</title>${raw('<link rel="icon" href="data:,">')}</head><body><script type="application/json" id="prepare-data">${
    jsonForScript(data)
  }</script><script>${raw(PREPARE_SCRIPT)}</script></body></html>`);
}
