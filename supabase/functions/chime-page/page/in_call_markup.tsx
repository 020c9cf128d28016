/** @jsxImportSource hono/jsx */
/** Markup of a call: stage, self view, chat, controls, sheets, and the rating after the call. */
import type { FC } from "hono/jsx";
import { direction, type Language } from "../contract/languages.ts";
import type { CallMarkup } from "../contract/page_data.ts";
import { Control, IconButton } from "./icons.tsx";
import { type KeyedTexts, keyedTexts } from "./keyed_texts.ts";
import { ChatPanel, Rating, Sheets } from "./panels.tsx";

type Props = { language: Language; texts: KeyedTexts };

/** Returns the markup in one language, as pieces with their positions in the document. */
export function callMarkup(language: Language): readonly CallMarkup[] {
  const props = { language, texts: keyedTexts(language) };
  const piece = (id: string, place: CallMarkup[1], Piece: FC<Props>) =>
    [id, place, String(<Piece {...props} />)] as const;
  return [
    piece("card", "beforebegin", Stage),
    piece("notices", "beforebegin", Overlays),
    piece("notices", "afterbegin", Notices),
    piece("card-text", "beforebegin", () => <p class="help" id="card-help" role="status"></p>),
    piece("join", "beforebegin", Picks),
    piece("leave", "beforebegin", Controls),
    piece("after", "afterbegin", Rating),
    piece("announce", "beforebegin", Sheets),
  ];
}

function Stage({ texts }: Props) {
  return (
    <section class="stage" id="stage" {...texts.label("peopleInCall")} hidden>
      <button type="button" class="rest" id="rest" dir="ltr" hidden></button>
    </section>
  );
}

function Overlays({ texts, language }: Props) {
  return (
    <>
      <div class="self" id="self" data-corner={direction(language) === "rtl" ? 2 : 3} hidden>
        <video id="self-video" autoplay muted playsinline></video>
        <span class="name" {...texts.content("you")} />
        <button type="button" id="self-move" {...texts.label("moveSelf")}></button>
      </div>
      <div class="captions" id="captions" role="region" {...texts.label("captions")} hidden></div>
      <ChatPanel texts={texts} />
    </>
  );
}

function Notices({ texts }: Props) {
  return (
    <>
      <div class="notice" id="sharing" hidden>
        <p {...texts.content("sharing")} />
        <button type="button" class="button" id="stop-sharing" {...texts.content("stopSharing")} />
      </div>
      <div class="notice" id="device-notice" role="alert" hidden>
        <p class="help" id="device-help"></p>
        <IconButton class="plain" id="device-close" icon="close" {...texts.label("close")} />
      </div>
      <button type="button" class="button" id="restore" hidden {...texts.content("restore")} />
      <IconButton class="button" id="hear" icon="sound" text={texts.content("tapToHear")} hidden />
    </>
  );
}

function Picks({ texts }: Props) {
  const labels = { mics: "whichMicrophone", cameras: "whichCamera" } as const;
  return Object.entries(labels).map(([id, key]) => (
    <label class="pick" key={id} hidden>
      <span {...texts.content(key)} />
      <select id={id}></select>
    </label>
  ));
}

function Controls({ texts }: Props) {
  const device = { "data-state": "busy", hidden: true };
  return (
    <>
      <Control id="mic" icon="mic" text={texts.content("mute")} textId="mic-label" {...device} />
      <Control
        id="camera"
        icon="camera"
        text={texts.content("cameraOff")}
        textId="camera-label"
        {...device}
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
      <Control id="more" icon="more" text={texts.content("more")} aria-haspopup="dialog" hidden />
    </>
  );
}
