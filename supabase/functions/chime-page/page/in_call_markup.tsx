/** @jsxImportSource hono/jsx */
/** What only a call shows: stage, own picture, chat, controls, sheets, the question after it. */
import type { FC } from "hono/jsx";
import { direction, type Language } from "../contract/languages.ts";
import type { CallMarkup } from "../contract/page_data.ts";
import { callTexts, pageTexts } from "../i18n/languages.ts";
import type { PageTexts } from "../i18n/texts.ts";
import { Control, IconButton } from "./icons.tsx";
import { ChatPanel, Rating, Sheets } from "./panels.tsx";

type Props = { language: Language; texts: PageTexts };

/** The pieces in one language, each with its place in the document, in the order of reading. */
export function callMarkup(language: Language): readonly CallMarkup[] {
  const props = { language, texts: pageTexts(language) };
  const piece = (id: string, place: CallMarkup[1], Piece: FC<Props>) =>
    [id, place, String(<Piece {...props} />)] as const;
  return [
    piece("card", "beforebegin", Stage),
    piece("notices", "beforebegin", Overlays),
    piece("notices", "afterbegin", Notices),
    piece("join", "beforebegin", Picks),
    piece("leave", "beforebegin", Controls),
    piece("after", "afterbegin", Rating),
    piece("announce", "beforebegin", Sheets),
  ];
}

function Stage({ texts }: Props) {
  return (
    <section class="stage" id="stage" aria-label={texts.peopleInCall} hidden>
      <button type="button" class="rest" id="rest" dir="ltr" hidden></button>
    </section>
  );
}

function Overlays({ texts, language }: Props) {
  return (
    <>
      <div class="self" id="self" data-corner={direction(language) === "rtl" ? 2 : 3} hidden>
        <video id="self-video" autoplay muted playsinline></video>
        <span class="name">{callTexts(language).you}</span>
        <button type="button" id="self-move" aria-label={texts.moveSelf}></button>
      </div>
      <div class="captions" id="captions" role="region" aria-label={texts.captions} hidden></div>
      <ChatPanel texts={texts} />
    </>
  );
}

function Notices({ texts, language }: Props) {
  const { tapToHear } = callTexts(language);
  return (
    <>
      <div class="notice" id="sharing" hidden>
        <p>{texts.sharing}</p>
        <button type="button" class="button" id="stop-sharing">{texts.stopSharing}</button>
      </div>
      <button type="button" class="button" id="restore" hidden>{texts.restore}</button>
      <IconButton class="button" id="hear" icon="sound" text={tapToHear} hidden />
    </>
  );
}

function Picks({ texts }: Props) {
  const labels = { mics: texts.whichMicrophone, cameras: texts.whichCamera };
  return Object.entries(labels).map(([id, text]) => (
    <label class="pick" key={id} hidden>
      <span>{text}</span>
      <select id={id}></select>
    </label>
  ));
}

function Controls({ texts }: Props) {
  const device = { "data-state": "busy", hidden: true };
  return (
    <>
      <Control id="mic" icon="mic" text={texts.microphone} textId="mic-label" {...device} />
      <Control id="camera" icon="camera" text={texts.camera} textId="camera-label" {...device} />
      <Control
        id="chat-open"
        icon="chat"
        text={texts.chat}
        aria-expanded="false"
        aria-controls="chat"
        hidden
      >
        <span class="badge" id="chat-badge" aria-hidden="true" hidden></span>
      </Control>
      <Control id="more" icon="more" text={texts.more} aria-haspopup="dialog" hidden />
    </>
  );
}
