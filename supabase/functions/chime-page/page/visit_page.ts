/** The page of a visit: complete before any script runs, then the client brings the call into it. */
import { html, raw } from "hono/html";
import { CALL_FILE, CALL_INTEGRITY } from "./call.generated.ts";
import {
  CLIENT_SCRIPT,
  CLIENT_SCRIPT_HASH,
  FALLBACK_SCRIPT,
  FALLBACK_SCRIPT_HASH,
  VISIT_STYLE,
  VISIT_STYLE_HASH,
} from "./client.generated.ts";
import { type Brand, brandName, NO_BRAND } from "./brand.ts";
import type { Person, VisitPageData } from "./data.ts";
import { direction, head } from "./head.ts";
import { icon, iconSheet } from "./icons.ts";
import { pageTexts } from "./language.ts";
import type { PageTexts } from "./languages/texts.ts";
import { documentText, initials, jsonForScript, type Markup, sentence, tight } from "./markup.ts";
import { lobbyPanel } from "./lobby.ts";
import { afterwards, chatPanel, sheets } from "./panels.ts";
import { visitTime } from "./visit_time.ts";

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

/** CSP sources (`sha256-…`, without quotes) of the page's inline scripts and style. */
export function pageHashes(): { readonly scripts: readonly string[]; readonly style: string } {
  return { scripts: [CLIENT_SCRIPT_HASH, FALLBACK_SCRIPT_HASH], style: VISIT_STYLE_HASH };
}

/**
 * The address of the file that a call needs beside the document.
 * @param publicUrl the function's own, without a slash at the end
 */
export function callFileUrl(publicUrl: string): string {
  return `${publicUrl}/files/${CALL_FILE}`;
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
${afterwards(texts)}
</section>`;
}

function controls(texts: PageTexts): Markup {
  return html`
    <nav id="controls" class="controls" aria-label="${texts.controls}">
      <button id="mic" class="control" type="button" data-state="busy"
        hidden><span class="disc">${icon("mic", "icon when-on")}${icon(
          "mic-off",
          "icon when-off",
        )}</span><span id="mic-label">${texts.microphone}</span></button>
      <button id="camera" class="control" type="button" data-state="busy"
        hidden><span class="disc">${icon("camera", "icon when-on")}${icon(
          "camera-off",
          "icon when-off",
        )}</span><span id="camera-label">${texts.camera}</span></button>
      <button id="chat-open" class="control" type="button" aria-expanded="false"
        aria-controls="chat" hidden><span class="disc">${icon("chat")}<span id="chat-badge"
            class="badge" aria-hidden="true" hidden></span></span><span>${texts
              .chat}</span></button>
      <button id="more" class="control" type="button" aria-haspopup="dialog"
        hidden><span class="disc">${icon("more")}</span><span>${texts.more}</span></button>
      <button id="leave" class="control danger"
        type="button"><span class="disc">${icon("leave")}</span><span>${texts.leave}</span></button>
    </nav>
  `;
}

function body(model: VisitPageModel, texts: PageTexts): Markup {
  const { data } = model;
  const other = counterpart(data);
  return html`<body data-phase="${
    data.state === "waiting" ? "waiting" : data.lobby ? "lobby" : "loading"
  }">
${iconSheet()}
<div id="app" class="app resting">
<header class="bar"><p id="heading" class="heading">${
    other === null ? texts.visit : html`<bdi>${other.name}</bdi>`
  }</p><p class="status" role="status"><span class="dot" aria-hidden="true"></span><span id="status">${
    data.state === "waiting" ? sentence(data.texts.waiting, other?.name ?? "") : data.texts.loading
  }</span></p><small id="used" class="used"></small></header>
<main class="main">
<section id="stage" class="stage" aria-label="${texts.peopleInCall}" hidden><button id="rest" class="rest" type="button" dir="ltr" hidden></button></section>
${card(model, texts, other)}
<div id="self" class="self" data-corner="${
    direction(data.language) === "rtl" ? 2 : 3
  }" hidden><video id="self-video" autoplay muted playsinline></video><span class="name">${data.texts.you}</span><button id="self-move" type="button" aria-label="${texts.moveSelf}"></button></div>
<div id="captions" class="captions" role="region" aria-label="${texts.captions}" hidden></div>
${chatPanel(texts)}
<div class="notices"><div id="sharing" class="notice" hidden><p>${texts.sharing}</p><button id="stop-sharing" class="button" type="button">${texts.stopSharing}</button></div><button id="restore" class="button" type="button" hidden>${texts.restore}</button><button id="hear" class="button" type="button" hidden>${
    icon("sound")
  }<span>${data.texts.tapToHear}</span></button><div id="notice" class="notice" role="alert" hidden><p id="notice-text"></p><button id="notice-close" class="plain" type="button" aria-label="${texts.close}">${
    icon("close")
  }</button></div></div>
</main>
${controls(texts)}
</div>
${sheets(texts, data.language)}
<p id="announce" class="unseen" aria-live="polite"></p>
<audio id="audio" autoplay></audio>
<script type="application/json" id="visit-data">${jsonForScript(data)}</script>
<script>${raw(CLIENT_SCRIPT)}</script>
<script>${raw(FALLBACK_SCRIPT)}</script>
<script id="call-part" src="${
    callFileUrl(data.api.base.replace(/\/[^/]*$/, ""))
  }" integrity="${CALL_INTEGRITY}" crossorigin="anonymous" async></script>
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
