/**
 * The lobby bundle and the in-call bundle: script, styles, markup and texts in one language. The
 * document loads both beside the SDK. The former is for everything around a call: waiting room, lobby,
 * language, theme and rating.
 */
import { createHash } from "node:crypto";
import { type Language, spoken } from "../contract/languages.ts";
import type { BundleContent } from "../contract/page_data.ts";
import type { CallTextKey } from "../contract/text_keys.ts";
import { callTexts } from "../i18n/languages.ts";
import { CALL_SCRIPT, CALL_STYLE, LOBBY_SCRIPT, LOBBY_STYLE } from "./client.generated.ts";
import { callMarkup } from "./in_call_markup.tsx";
import { lobbyMarkup } from "./lobby_markup.tsx";

/** `lobby` or `call`. */
export type BundleName = keyof typeof CONTENT;

/** A bundle in one language. Its name contains a hash of its content, so browsers can cache it forever. */
export interface Bundle {
  /** `<bundle>-<language>-<hash>.js` */
  readonly name: string;
  /** `sha384-…` */
  readonly integrity: string;
  readonly text: string;
}

/** Texts of the lobby bundle; the others are only needed in a call. */
const LOBBY_TEXTS: readonly CallTextKey[] = [
  "noMicrophone",
  "noCamera",
  "microphoneBusy",
  "cameraBusy",
  "allowAndroidApp",
  "allowIosApp",
  "allowChrome",
  "allowSafari",
  "allowFirefox",
  "allowSystem",
  "busyHelp",
  "microphoneMuted",
  "cameraMuted",
  "mutedHelp",
  "allowFrame",
  "joinToListen",
  "joinUnseen",
  "microphoneRefused",
  "cameraRefused",
  "devicesRefused",
  "microphoneWaiting",
  "tapAllow",
  "tapAllowMicrophone",
  "tapAllowCamera",
  "frontCamera",
  "backCamera",
  "microphoneOf",
  "cameraOf",
  "useVideo",
  "useSaver",
  "useSound",
  "saySomething",
  "microphoneWorks",
  "testSound",
  "noTestSound",
  "checkedIn",
  "since",
  "told",
  "willSee",
  "screenOff",
  "starting",
  "isWaiting",
  "gettingReady",
  "hasLeft",
  "someoneWaits",
  "endedByMistake",
  "reopened",
  "thanks",
  "mutedSpeaking",
];

function textsOf(language: Language, ofLobby: boolean) {
  const all = Object.entries(callTexts(language));
  const isOfLobby = (key: string) => LOBBY_TEXTS.some((one) => one === key);
  return Object.fromEntries(all.filter(([key]) => isOfLobby(key) === ofLobby));
}

/** The global that the content is assigned to, and the script that reads it. */
const CONTENT = {
  lobby: {
    global: "chimeLobbyContent",
    script: LOBBY_SCRIPT,
    content: (language: Language): BundleContent => ({
      style: LOBBY_STYLE,
      markup: lobbyMarkup(language),
      texts: textsOf(language, true),
    }),
  },
  call: {
    global: "chimeCallContent",
    script: CALL_SCRIPT,
    content: (language: Language): BundleContent => ({
      style: CALL_STYLE,
      markup: callMarkup(language),
      texts: textsOf(language, false),
    }),
  },
};

/** The bundles, in the order in which the document names them. */
export const BUNDLES: readonly BundleName[] = ["lobby", "call"];

/** JSON as a JavaScript expression with single quotes, because markup contains many double quotes. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /"((?:[^"\\]|\\.)*)"/g,
    (_, text: string) => `'${text.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`,
  );
}

const made = new Map<string, Bundle>();

/** Returns a bundle in a language. It is created once. */
export function bundleOf(bundle: BundleName, language: Language): Bundle {
  const start = `${bundle}-${language}-`;
  const known = made.get(start);
  if (known !== undefined) return known;
  const { global, content, script } = CONTENT[bundle];
  const text = `${global}=${literal(content(language))};${script}`;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const file = {
    name: `${start}${hash}.js`,
    integrity: `sha384-${createHash("sha384").update(text).digest("base64")}`,
    text,
  };
  made.set(start, file);
  return file;
}

/** Returns the bundle with this file name, if it belongs to this release. */
export function bundleNamed(name: string): Bundle | undefined {
  const [, start, tag] = /^(lobby|call)-([a-z]+)-/.exec(name) ?? [];
  const [bundle, language] = [BUNDLES.find((one) => one === start), spoken(tag)];
  const file = bundle && language && bundleOf(bundle, language);
  return file?.name === name ? file : undefined;
}

/**
 * Returns the script elements of the bundles in a language.
 * @param publicUrl the function's own, without a slash at the end
 */
export function bundleScripts(publicUrl: string, language: Language) {
  return BUNDLES.map((bundle) => {
    const { name, integrity } = bundleOf(bundle, language);
    return { id: `${bundle}-part`, url: `${publicUrl}/files/${name}`, integrity };
  });
}
