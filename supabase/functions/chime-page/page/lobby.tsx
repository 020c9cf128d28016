/** @jsxImportSource hono/jsx */
/** The lobby: the preview with its controls, and the Join button. The rest is in the lobby bundle. */
import { initials } from "../contract/initials.ts";
import type { VisitPageData } from "../contract/page_data.ts";
import { IconButton } from "./icons.tsx";
import type { KeyedTexts } from "./keyed_texts.ts";

/** The panel, hidden until the client shows it. */
export function Lobby(
  { texts: { content, label }, data }: { texts: KeyedTexts; data: VisitPageData },
) {
  const device = { class: "choice", "aria-pressed": "true", "data-state": "busy" };
  return (
    <div class="lobby" id="lobby" hidden>
      <div class="look" id="preview">
        <p class="face" aria-hidden="true">{initials(data.self.name)}</p>
        <video id="look" autoplay muted playsinline></video>
        <p class="help" id="lobby-help" role="status"></p>
        <p class="name">
          <bdi>{data.self.name}</bdi>
        </p>
        <div class="choices">
          <IconButton {...device} id="try-mic" icon="mic" {...label("whichMicrophone")} />
          <IconButton {...device} id="try-camera" icon="camera" {...label("whichCamera")} />
        </div>
      </div>
      <div class="ways">
        <div id="options"></div>
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
