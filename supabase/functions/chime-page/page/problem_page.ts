/** The page a person sees instead of a visit: what happened, what it means, what to do now. */
import { html, raw } from "hono/html";
import {
  CARD_STYLE,
  CARD_STYLE_HASH,
  COUNTDOWN_SCRIPT,
  COUNTDOWN_SCRIPT_HASH,
} from "./client.generated.ts";
import { type Brand, brandName, NO_BRAND } from "./brand.ts";
import { direction, type Language } from "../contract/languages.ts";
import { head } from "./head.ts";
import { drawnIcon } from "./icons.ts";
import { pageTexts } from "../i18n/languages.ts";
import type { ProblemText } from "../i18n/texts.ts";
import { documentText, type Markup } from "./markup.ts";
import { pointInTime } from "../contract/times.ts";

/** One problem, ready to be shown. */
export interface ProblemPageModel {
  readonly texts: ProblemText;
  /** HTTP status; 429 and 5xx get a "Try again". */
  readonly status: number;
  /** Shown as the reference, so that a person can name it and the log has it. */
  readonly requestId: string;
  readonly language: Language;
  /** With `opensAt`: seconds from now until the page tries again by itself. */
  readonly retryAfterSeconds?: number | undefined;
  /** ISO 8601: when the visit opens. Shows the time and a countdown. */
  readonly opensAt?: string | undefined;
  /** IANA name of the reader's time zone, where known. */
  readonly timeZone?: string | null | undefined;
  readonly locale?: string | null | undefined;
  /**
   * How to try again where cookies are blocked and the pass is spent: a form that posts the session
   * to the visit's absolute URL. Needs `form-action` for it.
   */
  readonly retry?: { readonly action: string; readonly session: string } | undefined;
  /** False: asking the same address again would not ask for the same person. Default true. */
  readonly repeatable?: boolean;
  readonly brand?: Brand;
  /** Content-Security-Policy for the `<meta>` element; see `head.ts`. */
  readonly cspMeta: string;
}

/** CSP sources (`sha256-…`, without quotes) of the problem page's inline style and countdown script. */
export function problemPageHashes(): { readonly script: string; readonly style: string } {
  return { script: COUNTDOWN_SCRIPT_HASH, style: CARD_STYLE_HASH };
}

function opening(model: ProblemPageModel): Markup {
  const { opensAt, retryAfterSeconds, language } = model;
  if (opensAt === undefined) return html``;
  const texts = pageTexts(language);
  const when = pointInTime(opensAt, language, model.timeZone, model.locale);
  const [before = "", after = ""] = texts.opensAt.split("{time}");
  const [countBefore = "", countAfter = ""] = texts.opensIn.split("{time}");
  return html`<p class="when">${before}<time datetime="${opensAt}">${when}</time>${after}</p>
${
    retryAfterSeconds === undefined ? "" : html`
      <p id="countdown" class="countdown" data-seconds="${retryAfterSeconds}"
        hidden>${countBefore}<span id="countdown-time" role="timer"></span>${countAfter}</p>
    `
  }`;
}

/** The way to ask again: by the page's session where there is one, by its address where not. */
function tryAgain(model: ProblemPageModel, again: boolean, counts: boolean): Markup {
  const { tryAgain: label } = pageTexts(model.language);
  if (model.retry && (again || counts)) {
    // The countdown sends this form; without scripts its button does.
    return html`
      <form id="retry" method="post" action="${model.retry.action}">
        <input type="hidden" name="session" value="${model.retry.session}">
        <button class="button" type="submit">${label}</button>
      </form>
    `;
  }
  const link = again && model.repeatable !== false;
  return link ? html`<p><a class="button" href="">${label}</a></p>` : html``;
}

/** Renders a problem as a page. Only a visit that opens later carries a script: its countdown. */
export function renderProblemPage(model: ProblemPageModel): { readonly html: string } {
  const texts = pageTexts(model.language);
  const again = model.status === 429 || model.status >= 500;
  const counts = model.opensAt !== undefined && model.retryAfterSeconds !== undefined;
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
      <p class="face" aria-hidden="true">${drawnIcon(
        model.opensAt === undefined ? "notice" : "clock",
      )}</p>
      <h1>${model.texts.title}</h1>
      <p>${model.texts.detail}</p>
      ${opening(model)}
      <p class="next">${model.texts.nextStep}</p>
      ${tryAgain(model, again, counts)}
      <p class="reference"><small>${texts.reference} <bdi>${model.requestId}</bdi></small></p>
      </main>
      ${counts ? html`<script>${raw(COUNTDOWN_SCRIPT)}</script>` : ""}
      </body>
      </html>
    `),
  };
}
