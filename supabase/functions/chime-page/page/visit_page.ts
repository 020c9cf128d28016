/** The page of a visit: complete before any script runs, then the client brings the call into it. */
import { html, raw } from "hono/html";
import { callFile, callFileUrl } from "./in_call_bundle.ts";
import {
  CALL_STYLE_HASH,
  CLIENT_SCRIPT,
  CLIENT_SCRIPT_HASH,
  FALLBACK_SCRIPT,
  FALLBACK_SCRIPT_HASH,
  VISIT_STYLE,
  VISIT_STYLE_HASH,
} from "./client.generated.ts";
import { type Brand, brandName, NO_BRAND } from "./brand.ts";
import type { Person, VisitPageData } from "../contract/page_data.ts";
import { direction } from "../contract/languages.ts";
import { head } from "./head.ts";
import { icon, iconSheet } from "./icons.ts";
import { pageTexts } from "../i18n/languages.ts";
import type { PageTexts } from "../i18n/texts.ts";
import { initials } from "../contract/initials.ts";
import { documentText, jsonForScript, type Markup, sentence, tight } from "./markup.ts";
import { lobbyPanel } from "./lobby.ts";
import { visitTime } from "../contract/times.ts";

/** Everything the page says and does. */
export interface VisitPageModel {
  readonly data: VisitPageData;
  /** IANA name of the reader's time zone; null: UTC is shown, and the device's own once scripts run. */
  readonly timeZone: string | null;
  /** The reader's BCP 47 locale, for dates; null: the usual one of the language. */
  readonly locale: string | null;
  readonly brand?: Brand;
  /** Content-Security-Policy for the `<meta>` element; see `head.ts`. */
  readonly cspMeta: string;
}

/**
 * CSP sources (`sha256-…`, without quotes) of the page's inline scripts and of its styles: its own,
 * and the call's, which comes with the call's file.
 */
export function pageHashes(): {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
} {
  return {
    scripts: [CLIENT_SCRIPT_HASH, FALLBACK_SCRIPT_HASH],
    styles: [VISIT_STYLE_HASH, CALL_STYLE_HASH],
  };
}

/** Whom the visit is with: the provider, or the first other person; null when nobody else is invited. */
function counterpart(data: VisitPageData): Person | null {
  const others = data.people.filter((person) => person.id !== data.self.id);
  return others.find((person) => person.role === "provider") ?? others[0] ?? null;
}

/** The calm card in the middle: who, when, what next. The client changes its words as things happen. */
function card(model: VisitPageModel, texts: PageTexts, other: Person | null): Markup {
  const { data } = model;
  const { text, zone } = visitTime(
    data.startsAt,
    data.endsAt,
    data.language,
    model.timeZone,
    model.locale,
  );
  const waiting = data.state === "waiting" && other !== null;
  // In a lobby the client says it, by what the person has done so far.
  const next = data.lobby ? "" : waiting ? texts.nextWaiting : texts.nextOpen;
  const others = data.people.filter((person) =>
    person.id !== data.self.id && person.id !== other?.id
  );
  return html`<section id="card" class="card">
${brandName(model.brand ?? NO_BRAND)}<p class="face" aria-hidden="true">${
    other === null ? "" : initials(other.name)
  }</p>
<h1 id="card-title">${other === null ? texts.visit : sentence(texts.visitWith, other.name)}</h1>
<p class="when"><time id="when" datetime="${data.startsAt}" data-end="${data.endsAt}" data-zone="${
    model.timeZone ?? ""
  }">${text}</time> <small id="zone">${zone}</small></p>
${
    others.length === 0
      ? ""
      : html`<ul class="others">${
        others.map((person) => html`<li><bdi>${person.name}</bdi></li>`)
      }</ul>`
  }
<p id="card-text" class="next">${sentence(next, other?.name ?? "")}</p>
${lobbyPanel(texts, data)}
<noscript><p class="next strong">${texts.noScript}</p></noscript>
<div id="floor" class="next strong" role="alert" hidden><p>${data.texts.unsupported}</p><p>${data.texts.unsupportedHelp}</p></div>
<button id="action" class="button" type="button" hidden></button>
<div id="after" class="after" hidden><button id="done" class="button quiet" type="button">${texts.closeVisit}</button></div>
</section>`;
}

function body(model: VisitPageModel, texts: PageTexts): Markup {
  const { data } = model;
  const other = counterpart(data);
  return html`<body data-phase="${
    data.state === "waiting" ? "waiting" : data.lobby ? "lobby" : "loading"
  }">
${iconSheet("document")}
<div id="app" class="app resting">
<header class="bar"><p id="heading" class="heading">${
    other === null ? texts.visit : html`<bdi>${other.name}</bdi>`
  }</p><p class="status" role="status"><span class="dot" aria-hidden="true"></span><span id="status">${
    data.state === "waiting" ? sentence(data.texts.waiting, other?.name ?? "") : data.texts.loading
  }</span></p><small id="used" class="used"></small></header>
<main class="main">
${card(model, texts, other)}
<div id="notices" class="notices"><div id="notice" class="notice" role="alert" hidden><p id="notice-text"></p><button id="notice-close" class="plain" type="button" aria-label="${texts.close}">${
    icon("close")
  }</button></div></div>
</main>
<nav id="controls" class="controls" aria-label="${texts.controls}"><button id="leave" class="control danger" type="button"><span class="disc">${
    icon("leave")
  }</span><span>${texts.leave}</span></button></nav>
</div>
<p id="announce" class="unseen" aria-live="polite"></p>
<audio id="audio" autoplay></audio>
<script type="application/json" id="visit-data">${jsonForScript(data)}</script>
<script>${raw(CLIENT_SCRIPT)}</script>
<script>${raw(FALLBACK_SCRIPT)}</script>
<script id="call-part" src="${
    callFileUrl(data.api.base.replace(/\/[^/]*$/, ""), data.language)
  }" integrity="${callFile(data.language).integrity}" crossorigin="anonymous" async></script>
<script id="chime-sdk" src="${data.sdk.url}" integrity="${data.sdk.integrity}" crossorigin="anonymous" async></script>
</body>`;
}

/**
 * Renders the visit page. It needs no header to work: language, policy and data are in it.
 * The files of the call come after the client, whose listeners for load and error then stand already.
 * There is no preload: with integrity, old Chromium would fetch the file twice.
 */
export function renderVisitPage(model: VisitPageModel): { readonly html: string } {
  const { language, sdk } = model.data;
  const texts = pageTexts(language);
  const more = html`
    <link rel="preconnect" href="${new URL(sdk.url).origin}" crossorigin>
  `;
  return {
    html: tight(documentText(html`
      <!doctype html>
      <html lang="${language}" dir="${direction(language)}">
      ${head({
        title: texts.documentTitle,
        referrer: "no-referrer",
        style: VISIT_STYLE,
        cspMeta: model.cspMeta,
        brand: model.brand ?? NO_BRAND,
        more,
      })}
      ${body(model, texts)}
      </html>
    `)),
  };
}
