/** @jsxImportSource hono/jsx */
/** Before the call: the own picture, the level of the microphone, and how to take part. */
import type { VisitPageData } from "../contract/page_data.ts";
import type { PageTexts } from "../i18n/texts.ts";
import { Icon, IconButton } from "./icons.tsx";

/** The panel; hidden until the client has opened the devices or been refused. */
export function Lobby({ texts, data }: { texts: PageTexts; data: VisitPageData }) {
  const device = { class: "choice", "aria-pressed": "true", "data-state": "busy" };
  return (
    <div class="lobby" id="lobby" hidden>
      <p class="strong" id="who-waits" role="status"></p>
      <div class="look">
        <Icon name="camera-off" />
        <video id="look" autoplay muted playsinline></video>
      </div>
      <div class="ways">
        <meter id="level" min="0" max="100" aria-label={texts.microphoneLevel}></meter>
        <div class="choices">
          <IconButton {...device} id="try-mic" icon="mic" text={texts.whichMicrophone} />
          <IconButton {...device} id="try-camera" icon="camera" text={texts.whichCamera} />
        </div>
        <p class="help" id="lobby-help" role="status"></p>
        <fieldset>
          <legend class="unseen">{texts.howToJoin}</legend>
          <Use value="video" text={texts.withVideo} checked />
          <Use value="saver" text={texts.dataSaver} />
          <Use value="sound" text={texts.soundOnly} />
        </fieldset>
        <button type="button" class="button" id="join">
          {data.state === "waiting" ? data.texts.iAmReady : data.texts.joinNow}
        </button>
      </div>
    </div>
  );
}

function Use({ value, text, checked }: { value: string; text: string; checked?: boolean }) {
  return (
    <label class="use">
      <input type="radio" name="use" value={value} checked={checked} />
      <span>
        {text} <small id={`cost-${value}`}></small>
      </span>
    </label>
  );
}
