/** @jsxImportSource hono/jsx */
/** Icons: hidden sheets of SVG symbols, 24x24, drawn with strokes and shown by `<use href="#i-…">`. */
import { raw } from "hono/html";
import type { JSX } from "hono/jsx";
import type { KeyedTexts } from "./keyed_texts.ts";

/** Icons in the document. */
const OF_DOCUMENT = {
  mic: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>',
  camera: '<rect x="2.5" y="6" width="13" height="12" rx="3"/><path d="M15.5 11l6-3.5v9l-6-3.5"/>',
  off: '<path d="M4 4l16 16"/>',
  close: '<path d="M6 6l12 12M18 6L6 18"/>',
};

/** Icons in the lobby bundle. */
const OF_LOBBY = {
  good:
    '<path d="M7 11v9H3v-9zM7 11l4-8c2 0 2.5 1.5 2 3l-.6 3H18c2 0 2.7 1.5 2.3 3l-1.5 6c-.3 1.3-1 2-2.3 2H7"/>',
  bad:
    '<path d="M17 13V4h4v9zM17 13l-4 8c-2 0-2.5-1.5-2-3l.6-3H6c-2 0-2.7-1.5-2.3-3l1.5-6C5.5 4.7 6.2 4 7.5 4H17"/>',
  check: '<path d="M5 12.5l5 5L19.5 7"/>',
  sound: '<path d="M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>',
  language:
    '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c4.5 5 4.5 13 0 18M12 3c-4.5 5-4.5 13 0 18"/>',
  more: '<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="4"/>',
  light:
    '<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5"/>',
};

/** Icons in the in-call bundle. */
const OF_CALL = {
  leave:
    '<path d="M3.3 14.2c-.9-1-.9-2.4.1-3.3C5.8 8.6 8.8 7.5 12 7.5s6.2 1.1 8.6 3.4c1 .9 1 2.3.1 3.3l-.6.6a1.6 1.6 0 0 1-2 .2l-2-1.3a1.6 1.6 0 0 1-.7-1.7l.2-1a11.5 11.5 0 0 0-7.2 0l.2 1a1.6 1.6 0 0 1-.7 1.7l-2 1.3a1.6 1.6 0 0 1-2-.2z"/>',
  chat: '<path d="M4 5h16v12h-9l-4 3.5V17H4zM8 11h8"/>',
  send: '<path d="M12 19V5M6 11l6-6 6 6"/>',
  flip: '<path d="M4 10a8 8 0 0 1 14-3l2 2M20 4v5h-5M20 14a8 8 0 0 1-14 3l-2-2M4 20v-5h5"/>',
  screen: '<path d="M3 5h18v11H3zM9 20h6M12 13V8M9.5 10.5L12 8l2.5 2.5"/>',
  pin: '<path d="M9 3h6M10 3v6l-4 5h12l-4-5V3M12 14v7"/>',
  large: '<path d="M3 4h18v10H3zM3 18h5v2H3zM10 18h4v2h-4zM16 18h5v2h-5z"/>',
  saver: '<path d="M8 4v14M4 8l4-4 4 4M16 20V6M12 16l4 4 4-4"/>',
};

/** Names of the symbols. */
export type IconName = keyof typeof OF_DOCUMENT | keyof typeof OF_LOBBY | keyof typeof OF_CALL;

/** An icon; that of a device is crossed out while the device is off. Decorative: the control has a text. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`#i-${name}`} />
      {(name === "mic" || name === "camera") && <use class="when-off" href="#i-off" />}
    </svg>
  );
}

type ButtonProps = JSX.IntrinsicElements["button"] & {
  icon: IconName;
  /** See {@link KeyedTexts.content}. */
  text?: ReturnType<KeyedTexts["content"]>;
};

/** A button with an icon and usually a text. Children follow the text. */
export function IconButton({ icon, text, children, ...attributes }: ButtonProps) {
  return (
    <button type="button" {...attributes}>
      <Icon name={icon} />
      {text && <span {...text} />}
      {children}
    </button>
  );
}

/** A round control of the call with its text below. Children are next to the icon. */
export function Control({ icon, text, textId, children, ...attributes }: ButtonProps) {
  return (
    <button type="button" class="control" {...attributes}>
      <span class="disc">
        <Icon name={icon} />
        {children}
      </span>
      <span id={textId} {...text} />
    </button>
  );
}

const CALENDAR =
  '<rect x="3.5" y="5" width="17" height="15.5" rx="3"/><path d="M3.5 10h17M8 3v4M16 3v4';

const FACES = {
  clock: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
  hourglass:
    '<path d="M6.5 3h11M6.5 21h11M8 3v3.5c0 2.6 4 3.7 4 5.5s-4 2.9-4 5.5V21M16 3v3.5c0 2.6-4 3.7-4 5.5s4 2.9 4 5.5V21"/>',
  over: CALENDAR + 'M8.8 15.2l2.2 2.2 4.2-4.2"/>',
  cancelled: CALENDAR + 'M9.7 13l4.6 4.6M14.3 13l-4.6 4.6"/>',
  camera: OF_DOCUMENT.camera,
  "no-video": OF_DOCUMENT.camera + OF_DOCUMENT.off,
  link:
    '<path d="M10.5 6.4l1.7-1.7a4.5 4.5 0 0 1 6.4 6.4l-1.7 1.7M13.5 17.6l-1.7 1.7a4.5 4.5 0 0 1-6.4-6.4l1.7-1.7M4 4l16 16"/>',
  search: '<circle cx="10.5" cy="10.5" r="7"/><path d="M15.8 15.8L21 21M8 10.5h5"/>',
  person: '<circle cx="12" cy="8" r="4.2"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
  browser:
    '<rect x="3" y="4" width="18" height="16" rx="3"/><path d="M3 8.7h18M12 11.2v5.6M9.4 14.3l2.6 2.5 2.6-2.5"/>',
  cloud:
    '<path d="M7 19h9.8a4.3 4.3 0 0 0 .9-8.5A6 6 0 0 0 6.3 9.6 4.8 4.8 0 0 0 7 19zM12 10.5v3.2M12 16.2v.01"/>',
  wrench:
    '<path d="M20.3 7.4l-3.1 3.1-3.4-.9-.9-3.4L16 3.1a5.3 5.3 0 0 0-6.3 7L3.6 16a3 3 0 0 0 4.3 4.3l6-6.1a5.3 5.3 0 0 0 6.4-6.8z"/>',
  notice: '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.5v.01"/>',
};

/** Names of the icons for {@link IconFace}. */
export type FaceName = keyof typeof FACES;

/** The icon at the top of a card, for documents without a sheet. */
export function IconFace({ name }: { name: FaceName }) {
  return (
    <p class="face" aria-hidden="true">
      <InlineIcon drawing={FACES[name]} />
    </p>
  );
}

/** The icon of the language menu, for documents without a sheet. */
export const LanguageIcon = () => <InlineIcon drawing={OF_LOBBY.language} />;

function InlineIcon({ drawing }: { drawing: string }) {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{raw(drawing)}</svg>;
}

const SHEETS = { document: OF_DOCUMENT, lobby: OF_LOBBY, call: OF_CALL };

/** A sheet of symbols. Must appear once, before their first use. */
export function IconSheet({ of }: { of: keyof typeof SHEETS }) {
  return (
    <svg class="sheet" aria-hidden="true" width="0" height="0">
      {Object.entries(SHEETS[of]).map(([name, drawing]) => (
        <symbol key={name} id={`i-${name}`} viewBox="0 0 24 24">{raw(drawing)}</symbol>
      ))}
    </svg>
  );
}
