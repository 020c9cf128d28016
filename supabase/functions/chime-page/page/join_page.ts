/**
 * The page between a link and a visit. Mail scanners and messengers open every link they see, and
 * other sites lead where they want: a GET shows this, and only the person's tap (a POST) goes in.
 */
import { html } from "hono/html";
import { CARD_STYLE, CARD_STYLE_HASH } from "./client.generated.ts";
import { type Brand, brandName, NO_BRAND } from "./brand.ts";
import { direction, type Language } from "../contract/languages.ts";
import { head } from "./head.ts";
import { drawnIcon } from "./icons.ts";
import { pageTexts } from "../i18n/languages.ts";
import { documentText } from "./markup.ts";

/** What the interstitial needs. */
export interface JoinPageModel {
  readonly language: Language;
  /** Absolute URL of the visit, with the link in its query; the form is posted there. */
  readonly action: string;
  /** The link opens once, and the person is told. */
  readonly once: boolean;
  readonly brand?: Brand;
  /** Content-Security-Policy for the `<meta>` element; needs `form-action` for `action`. */
  readonly cspMeta: string;
}

/** CSP source (`sha256-…`, without quotes) of the join page's inline style. It has no script. */
export function joinPageHashes(): { readonly style: string } {
  return { style: CARD_STYLE_HASH };
}

/** Renders "Join the visit" with its one button. It names nobody: nothing is checked yet. */
export function renderJoinPage(model: JoinPageModel): { readonly html: string } {
  const texts = pageTexts(model.language);
  return {
    html: documentText(html`
      <!doctype html>
      <html lang="${model.language}" dir="${direction(model.language)}">
            ${head({
              title: texts.documentTitle,
              referrer: "same-origin",
              style: CARD_STYLE,
              cspMeta: model.cspMeta,
              brand: model.brand ?? NO_BRAND,
            })}
            <body>
            <main class="card">${brandName(model.brand ?? NO_BRAND)}
            <p class="face" aria-hidden="true">${drawnIcon("camera")}</p>
      <h1>${texts.joinTitle}</h1>
            ${model.once ? html`<p>${texts.joinDetail}</p>` : ""}
            <form method="post" action="${model.action}">
            <button class="button" type="submit">${texts.joinButton}</button>
            </form>
            </main>
            </body>
            </html>
    `),
  };
}
