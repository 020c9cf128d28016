/** What opens over or beside the call: the chat, the sheets of further controls, the question after it. */
import { html, raw } from "hono/html";
import { type Language, LANGUAGE_NAMES } from "../contract/languages.ts";
import { icon, type IconName } from "./icons.ts";
import type { PageTexts } from "../i18n/texts.ts";
import type { Markup } from "./markup.ts";

/** The chat: beside the stage on wide screens, over it on phones. Nobody is kept from the controls. */
export function chatPanel(texts: PageTexts): Markup {
  return html`
    <section id="chat" class="chat" aria-labelledby="chat-title" hidden>
      <header
        class="panel-head"><h2 id="chat-title">${texts
          .chat}</h2><button id="chat-close" class="plain" type="button" aria-label="${texts
          .closeChat}">${icon("close")}</button></header>
      <div id="chat-scroll" class="chat-scroll" tabindex="0" role="log" aria-labelledby="chat-title">
        <p id="chat-empty" class="chat-empty">${texts.chatEmpty}</p>
        <ol id="chat-list"></ol>
      </div>
      <form id="chat-form"
        class="chat-form"><textarea id="chat-text" rows="1" aria-label="${texts
          .message}" placeholder="${texts
          .message}" aria-describedby="chat-limit" enterkeyhint="send"></textarea><button class="plain send" type="submit" aria-label="${texts
          .send}">${icon("send")}</button></form>
      <p id="chat-limit" class="chat-limit" role="status" hidden>${texts.tooLong}</p>
    </section>
  `;
}

/** One line of the sheet of further controls. A `toggle` says its state by `aria-pressed`. */
function row(id: string, symbol: IconName, text: string, toggle: boolean): Markup {
  return html`
    <button id="${id}" class="row" type="button" ${toggle
      ? html`
        aria-pressed="false"
      `
      : ""}
      hidden>${icon(symbol)}<span>${text}</span>${toggle
        ? html`<span class="switch" aria-hidden="true"></span>`
        : ""}</button>
  `;
}

/** A sheet over everything; what is behind it can't be reached until it closes. */
function sheet(id: string, title: string, content: Markup): Markup {
  return html`
    <div id="${id}" class="cover" hidden>
      <section class="panel" role="dialog" aria-modal="true" aria-labelledby="${id}-title"
        tabindex="-1">
    <h2 id="${id}-title">${title}</h2>
    ${content}
      </section>
    </div>
  `;
}

/** The choice of the page's language, each in its own words. */
function languageRow(texts: PageTexts, chosen: Language): Markup {
  const options = Object.entries(LANGUAGE_NAMES).map(([language, name]) =>
    html`
      <option value="${language}" lang="${language}" ${language === chosen
        ? raw(" selected")
        : ""}>${name}</option>
    `
  );
  return html`
    <label
      class="row">${icon("language")}<span>${texts
        .language}</span><select id="language">${options}</select></label>
  `;
}

/** Further controls, and the question before a provider leaves. */
export function sheets(texts: PageTexts, language: Language): Markup {
  return html`${
    sheet(
      "more-sheet",
      texts.more,
      html`
        <div class="rows">
          <div id="call-rows" hidden>${row("flip", "flip", texts.flipCamera, false)}${row(
            "share",
            "screen",
            texts.shareScreen,
            true,
          )}${row("route", "sound", texts.soundOutput, true)}${row(
            "large",
            "large",
            texts.oneLarge,
            true,
          )}${row("saver", "saver", texts.dataSaver, true)}</div>
          ${row("light", "light", texts.lightColours, true)}${languageRow(texts, language)}
        </div><button
          class="button quiet" type="button" data-close>${texts.close}</button>
      `,
    )
  }${
    sheet(
      "leave-sheet",
      texts.leaveTitle,
      html`<button id="leave-only" class="button" type="button">${texts.leave}</button>
<button id="leave-all" class="button stop" type="button">${texts.endForAll}</button>
<button class="button quiet" type="button" data-close>${texts.stay}</button>
<p id="leave-trouble" role="alert" hidden>${texts.endFailed}</p>`,
    )
  }`;
}

/** After the call: how it was, in one tap; only a bad answer asks on. */
export function rating(texts: PageTexts): Markup {
  const issue = (code: string, text: string) =>
    html`
      <button class="chip" type="button" data-issue="${code}"
        aria-pressed="false">${text}</button>
    `;
  return html`
    <div id="rating" role="group" aria-labelledby="rating-title" hidden>
      <p id="rating-title">${texts.howWas}</p>
      <div
        class="pair"><button id="good" class="chip" type="button">${icon("good")}<span>${texts
          .good}</span></button><button id="bad" class="chip" type="button">${icon(
            "bad",
          )}<span>${texts.bad}</span></button></div>
    </div>
    <div id="issues" role="group" aria-labelledby="issues-title"
      hidden><p id="issues-title" tabindex="-1">${texts.whatWasWrong}</p>
    <div class="pair">${issue("not-heard", texts.notHeard)}${issue(
      "no-sound",
      texts.noSound,
    )}${issue("bad-picture", texts.badPicture)}${issue("broke-off", texts.brokeOff)}${issue(
      "other",
      texts.somethingElse,
    )}</div><button id="issues-done" class="button quiet" type="button">${texts.done}</button></div>
    <p id="thanks" role="status"></p>
  `;
}
