/** @jsxImportSource hono/jsx */
/** Markup of the lobby bundle: details of the lobby, the waiting room, the More sheet and the rating. */
import type { FC } from "hono/jsx";
import type { Language } from "../contract/languages.ts";
import type { MarkupPiece } from "../contract/page_data.ts";
import { Control, Icon, IconButton } from "./icons.tsx";
import { type KeyedTexts, keyedTexts } from "./keyed_texts.ts";
import { MoreSheet, Rating } from "./panels.tsx";

type Props = { language: Language; texts: KeyedTexts };

/** Returns the markup in one language, as pieces with their positions in the document. */
export function lobbyMarkup(language: Language): readonly MarkupPiece[] {
  const props = { language, texts: keyedTexts(language) };
  const piece = (id: string, place: MarkupPiece[1], Piece: FC<Props>) =>
    [id, place, String(<Piece {...props} />)] as const;
  return [
    piece("lobby", "afterbegin", WhoWaits),
    piece("options", "afterbegin", Options),
    piece("card-title", "beforebegin", CheckedIn),
    piece("card-text", "beforebegin", Told),
    piece("floor", "beforebegin", ScreenOff),
    piece("leave", "beforebegin", More),
    piece("after", "afterbegin", Rating),
    piece("announce", "beforebegin", MoreSheet),
  ];
}

function WhoWaits() {
  return <p class="strong" id="who-waits" role="status"></p>;
}

/** Sound check, data use and device lists of the lobby. */
function Options({ texts }: Props) {
  const lists = { mics: "whichMicrophone", cameras: "whichCamera" } as const;
  return (
    <>
      <div class="sound-check">
        <div class="level-check" id="level-check">
          <meter id="level" min="0" max="100" {...texts.label("microphoneLevel")}></meter>
          <p id="level-hint" role="status"></p>
        </div>
        <IconButton class="chip" id="test-sound" icon="sound" text={texts.content("testSound")} />
      </div>
      <div class="pick">
        <select id="use" {...texts.label("howToJoin")}></select>
      </div>
      <div class="picks">
        {Object.entries(lists).map(([id, key]) => (
          <label class="pick" key={id} hidden>
            <select id={id} {...texts.label(key)}></select>
          </label>
        ))}
      </div>
    </>
  );
}

/** What a person in the waiting room reads first. */
function CheckedIn({ texts }: Props) {
  return (
    <div class="waiting" role="status" hidden>
      <p class="check">
        <Icon name="check" />
      </p>
      <p class="title" {...texts.content("checkedIn")} />
      <p id="since"></p>
    </div>
  );
}

function Told() {
  return <p class="waiting" id="told" role="status" hidden></p>;
}

function ScreenOff({ texts }: Props) {
  return <p class="waiting" id="screen-off" hidden {...texts.content("screenOff")} />;
}

function More({ texts }: Props) {
  return (
    <Control id="more" icon="more" text={texts.content("more")} aria-haspopup="dialog" hidden />
  );
}
