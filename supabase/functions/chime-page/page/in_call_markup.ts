/** What only a call shows: stage, own picture, chat, controls, sheets, the question after it. */
import { html } from "hono/html";
import { direction, type Language } from "../contract/languages.ts";
import type { CallMarkup } from "../contract/page_data.ts";
import { icon, iconSheet } from "./icons.ts";
import { callTexts, pageTexts } from "../i18n/languages.ts";
import type { PageTexts } from "../i18n/texts.ts";
import { documentText, type Markup, tight } from "./markup.ts";
import { chatPanel, rating, sheets } from "./panels.ts";

const stage = (texts: PageTexts): Markup =>
  html`
    <section id="stage" class="stage" aria-label="${texts.peopleInCall}"
      hidden><button id="rest" class="rest" type="button" dir="ltr" hidden></button></section>
  `;

function overlays(texts: PageTexts, language: Language): Markup {
  return html`
    <div id="self" class="self" data-corner="${direction(language) === "rtl" ? 2 : 3}"
      hidden><video id="self-video" autoplay muted playsinline></video><span class="name">${callTexts(
        language,
      ).you}</span><button id="self-move" type="button" aria-label="${texts
        .moveSelf}"></button></div>
    <div id="captions" class="captions" role="region" aria-label="${texts.captions}" hidden></div>
    ${chatPanel(texts)}
  `;
}

function notices(texts: PageTexts, language: Language): Markup {
  return html`
    <div id="sharing" class="notice"
      hidden><p>${texts.sharing}</p><button id="stop-sharing" class="button" type="button">${texts
        .stopSharing}</button></div><button
      id="restore" class="button" type="button" hidden>${texts.restore}</button><button id="hear"
      class="button" type="button" hidden>${icon("sound")}<span>${callTexts(language)
        .tapToHear}</span></button>
  `;
}

function controls(texts: PageTexts): Markup {
  return html`
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
          class="badge" aria-hidden="true" hidden></span></span><span>${texts.chat}</span></button>
    <button id="more" class="control" type="button" aria-haspopup="dialog"
      hidden><span class="disc">${icon("more")}</span><span>${texts.more}</span></button>
  `;
}

function pick(id: string, text: string): Markup {
  return html`<label class="pick" hidden><span>${text}</span><select id="${id}"></select></label>`;
}

/** The pieces in one language, each with its place in the document, in the order of reading. */
export function callMarkup(language: Language): readonly CallMarkup[] {
  const texts = pageTexts(language);
  const piece = (id: string, place: CallMarkup[1], markup: Markup): CallMarkup => [
    id,
    place,
    tight(documentText(markup)).trim(),
  ];
  return [
    piece("card", "beforebegin", stage(texts)),
    piece("notices", "beforebegin", overlays(texts, language)),
    piece("notices", "afterbegin", notices(texts, language)),
    piece(
      "join",
      "beforebegin",
      html`${pick("mics", texts.whichMicrophone)}${pick("cameras", texts.whichCamera)}`,
    ),
    piece("leave", "beforebegin", controls(texts)),
    piece("after", "afterbegin", rating(texts)),
    piece("announce", "beforebegin", html`${iconSheet("call")}${sheets(texts, language)}`),
  ];
}
