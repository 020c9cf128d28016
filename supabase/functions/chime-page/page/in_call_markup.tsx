/** @jsxImportSource hono/jsx */
/** Markup of a call: stage, self view, chat and controls. */
import type { FC } from "hono/jsx";
import type { Language } from "../contract/languages.ts";
import type { MarkupPiece } from "../contract/page_data.ts";
import { Control, Icon, IconButton } from "./icons.tsx";
import { type KeyedTexts, keyedTexts } from "./keyed_texts.ts";
import { CallRows, ChatPanel, ChatToast, LeaveSheet } from "./panels.tsx";

type Props = { texts: KeyedTexts };

/** Returns the markup in one language, as pieces with their positions in the document. */
export function callMarkup(language: Language): readonly MarkupPiece[] {
  const texts = keyedTexts(language);
  const piece = (id: string, place: MarkupPiece[1], Piece: FC<Props>) =>
    [id, place, String(<Piece texts={texts} />)] as const;
  return [
    piece("used", "beforebegin", Timer),
    piece("card", "beforebegin", Stage),
    piece("notices", "beforebegin", Overlays),
    piece("notices", "afterbegin", Notices),
    piece("card-text", "beforebegin", () => <p class="help" id="card-help" role="status"></p>),
    piece("more", "beforebegin", Controls),
    piece("rows", "afterbegin", CallRows),
    piece("announce", "beforebegin", LeaveSheet),
  ];
}

function Timer({ texts }: Props) {
  return (
    <small class="timer" id="timer" role="timer" dir="ltr" {...texts.label("callTime")} hidden>
      <span></span>
      <i></i>
      <i></i>
    </small>
  );
}

function Stage({ texts }: Props) {
  return (
    <section class="stage" id="stage" {...texts.label("peopleInCall")} hidden>
      <button type="button" class="rest" id="rest" dir="ltr" hidden></button>
      <template id="tile">
        <div class="tile" role="group">
          <p class="face" aria-hidden="true"></p>
          <div class="zoom" dir="ltr"></div>
          <p class="tile-state" role="status"></p>
          <p class="name">
            <Icon name="mic" />
            <Bars />
            <bdi></bdi>
          </p>
          <button type="button" class="pin">
            <Icon name="pin" />
          </button>
          <div class="tools">
            <button type="button" class="zoom-out">
              <span aria-hidden="true">1×</span>
            </button>
            <button type="button" class="zoom-in">+</button>
          </div>
        </div>
      </template>
    </section>
  );
}

/** Signal bars; hidden until the person's connection is known. */
function Bars() {
  return <span class="bars" role="img" hidden></span>;
}

function Overlays({ texts }: Props) {
  return (
    <>
      <div class="self" id="self" data-corner="3" hidden>
        <video id="self-video" autoplay muted playsinline></video>
        <p class="tile-state"></p>
        <p class="name">
          <Bars />
          <bdi {...texts.content("you")} />
        </p>
        <button type="button" id="self-move" {...texts.label("moveSelf")}></button>
        <IconButton class="self-hide" id="self-hide" icon="close" {...texts.label("hideSelf")} />
        <button type="button" class="self-show" id="self-show" {...texts.content("showSelf")} />
      </div>
      <div class="captions" id="captions" role="region" {...texts.label("captions")} hidden></div>
      <ChatPanel texts={texts} />
    </>
  );
}

function Notices({ texts }: Props) {
  return (
    <>
      {/* First, so that no long notice moves them off the screen. */}
      <button type="button" class="button" id="restore" hidden {...texts.content("restore")} />
      <IconButton class="button" id="hear" icon="sound" text={texts.content("tapToHear")} hidden />
      <div class="notice" id="sharing" hidden>
        <p {...texts.content("sharing")} />
        <button type="button" class="button" id="stop-sharing" {...texts.content("stopSharing")} />
      </div>
      <div class="notice" id="device-notice" role="alert" hidden>
        <p class="help" id="device-help"></p>
        <IconButton class="plain" id="device-close" icon="close" {...texts.label("close")} />
      </div>
      <ChatToast />
    </>
  );
}

function Controls({ texts }: Props) {
  const device = (key: string) => ({
    "data-state": "busy",
    hidden: true,
    "aria-keyshortcuts": key,
  });
  return (
    <>
      <Control
        id="mic"
        icon="mic"
        text={texts.content("mute")}
        textId="mic-label"
        {...device("M")}
      />
      <Control
        id="camera"
        icon="camera"
        text={texts.content("cameraOff")}
        textId="camera-label"
        {...device("V")}
      />
      <Control
        id="chat-open"
        icon="chat"
        text={texts.content("chat")}
        aria-expanded="false"
        aria-controls="chat"
        hidden
      >
        <span class="badge" id="chat-badge" aria-hidden="true" hidden></span>
      </Control>
    </>
  );
}
