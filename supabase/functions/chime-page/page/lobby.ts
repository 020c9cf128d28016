/** Before the call: the own picture, the level of the microphone, and how to take part. */
import { html } from "hono/html";
import type { VisitPageData } from "../contract/page_data.ts";
import { icon, type IconName } from "./icons.ts";
import type { PageTexts } from "../i18n/texts.ts";
import type { Markup } from "./markup.ts";

function device(id: string, symbol: "mic" | "camera", text: string): Markup {
  const off: IconName = `${symbol}-off`;
  return html`
    <button id="${id}" class="choice" type="button" aria-pressed="true"
      data-state="busy">${icon(symbol, "icon when-on")}${icon(
        off,
        "icon when-off",
      )}<span>${text}</span></button>
  `;
}

function use(value: "video" | "saver" | "sound", text: string): Markup {
  return html`
    <label
      class="use"><input type="radio" name="use" value="${value}" ${value === "video"
        ? "checked"
        : ""}><span>${text} <small id="cost-${value}"></small></span></label>
  `;
}

/** The panel; hidden until the client has opened the devices or been refused. */
export function lobbyPanel(texts: PageTexts, data: VisitPageData): Markup {
  if (!data.lobby) return html``;
  return html`
    <div id="lobby" class="lobby" hidden>
      <p id="who-waits" class="strong" role="status"></p>
      <div class="look">${icon(
        "camera-off",
      )}<video id="look" autoplay muted playsinline></video></div>
      <div class="ways"><meter id="level" min="0" max="100" aria-label="${texts
        .microphoneLevel}"></meter>
    <div class="choices">${device("try-mic", "mic", texts.whichMicrophone)}${device(
      "try-camera",
      "camera",
      texts.whichCamera,
    )}</div>
    <p id="lobby-help" class="help" role="status"></p>
    <fieldset><legend class="unseen">${texts.howToJoin}</legend>${use(
      "video",
      texts.withVideo,
    )}${use("saver", texts.dataSaver)}${use("sound", texts.soundOnly)}</fieldset>
    <button id="join" class="button" type="button">${data.state === "waiting"
      ? data.texts.iAmReady
      : data.texts.joinNow}</button></div>
    </div>
  `;
}
