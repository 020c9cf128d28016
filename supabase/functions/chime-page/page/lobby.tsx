/** @jsxImportSource hono/jsx */
/** The lobby: self view, microphone level, and the ways to join. */
import type { VisitPageData } from "../contract/page_data.ts";
import { Icon, IconButton } from "./icons.tsx";
import type { KeyedTexts } from "./keyed_texts.ts";

/** The panel, hidden until the client shows it. */
export function Lobby(
  { texts: { content, label }, data }: { texts: KeyedTexts; data: VisitPageData },
) {
  const device = { class: "choice", "aria-pressed": "true", "data-state": "busy" };
  return (
    <div class="lobby" id="lobby" hidden>
      <p class="strong" id="who-waits" role="status"></p>
      <div class="look">
        <Icon name="camera-off" />
        <video id="look" autoplay muted playsinline></video>
      </div>
      <div class="ways">
        <meter id="level" min="0" max="100" {...label("microphoneLevel")}></meter>
        <div class="choices">
          <IconButton {...device} id="try-mic" icon="mic" text={content("whichMicrophone")} />
          <IconButton {...device} id="try-camera" icon="camera" text={content("whichCamera")} />
        </div>
        <p class="help" id="lobby-help" role="status"></p>
        <fieldset>
          <legend class="unseen" {...content("howToJoin")} />
          <Use value="video" text={content("withVideo")} checked />
          <Use value="saver" text={content("dataSaver")} />
          <Use value="sound" text={content("soundOnly")} />
        </fieldset>
        <button
          type="button"
          class="button"
          id="join"
          {...content(data.state === "waiting" ? "iAmReady" : "joinNow")}
        />
      </div>
    </div>
  );
}

function Use(
  { value, text, checked }: {
    value: string;
    text: ReturnType<KeyedTexts["content"]>;
    checked?: boolean;
  },
) {
  return (
    <label class="use">
      <input type="radio" name="use" value={value} checked={checked} />
      <span>
        <span {...text} /> <small id={`cost-${value}`}></small>
      </span>
    </label>
  );
}
