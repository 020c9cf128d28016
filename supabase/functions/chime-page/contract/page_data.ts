/** What the server tells the page: the JSON data block of the document, and the answers of its routes. */
import type { ChimeAttendee, ChimeMeeting } from "../../_shared/chime_types.ts";
import type { Language } from "./languages.ts";

export type { Language };

/** What a person is in a visit. Providers may end it for everyone; the others wait for a provider. */
export type Role = "provider" | "patient" | "guest";

/** What `DefaultMeetingSession` needs; also the body of `POST …/join`. */
export interface JoinInfo {
  readonly meeting: ChimeMeeting;
  readonly attendee: ChimeAttendee;
}

/** A person of the visit. `id` is the participant id, which is also Chime's `ExternalUserId`. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** The answer of `GET …/status`. */
export interface VisitStatus {
  /** `open`: `POST …/join` will answer with credentials. `waiting`: no provider is in yet. */
  readonly state: "open" | "waiting";
  /** Ids of the participants whose page was heard of in the last 30 seconds. */
  readonly present: readonly string[];
  /** Seconds to wait before the next question. */
  readonly pollSeconds: number;
}

/**
 * Keys of the texts that the client writes into the page by itself and that stand in the document;
 * every text of the markup is rendered. `{name}` stands for a person's name, `{count}` for a number.
 */
export type DocumentTextKey =
  | "visit"
  | "visitWith"
  | "nextOpen"
  | "nextWaiting"
  | "loading"
  | "waiting"
  | "connecting"
  | "reconnecting"
  | "left"
  | "leftHelp"
  | "ended"
  | "endedHelp"
  | "failed"
  | "failedHelp"
  | "sdkFailed"
  | "sdkTimeout"
  | "unsupported"
  | "unsupportedHelp"
  | "retry"
  | "rejoin"
  | "lobby"
  | "joinNow"
  | "iAmReady"
  | "isReady"
  | "expected"
  | "isWaiting"
  | "perHour"
  | "offline";

/** Keys of the texts that only a call needs: they come with its file. */
export type CallTextKey =
  | "noMicrophone"
  | "noCamera"
  | "microphoneBusy"
  | "cameraBusy"
  | "allowAndroidApp"
  | "allowIosApp"
  | "allowChrome"
  | "allowSafari"
  | "frontCamera"
  | "backCamera"
  | "microphoneOf"
  | "cameraOf"
  | "inCall"
  | "alone"
  | "removed"
  | "removedHelp"
  | "joinedElsewhere"
  | "joinedElsewhereHelp"
  | "full"
  | "fullHelp"
  | "tapToHear"
  | "microphoneRefused"
  | "cameraRefused"
  | "microphoneWaiting"
  | "mute"
  | "unmute"
  | "cameraOn"
  | "cameraOff"
  | "continueHere"
  | "you"
  | "guest"
  | "joined"
  | "gone"
  | "poorSelf"
  | "poorOther"
  | "pausedForSound"
  | "onHold"
  | "dataUsed"
  | "chatUnread"
  | "newMessage"
  | "sending"
  | "sent"
  | "notSent"
  | "tileMuted"
  | "tileUnmuted"
  | "tileTalking"
  | "screenOf"
  | "shareFailed"
  | "thanks";

/** Keys of {@link ClientTexts}. */
export type ClientTextKey = DocumentTextKey | CallTextKey;

/** The texts of the document's part of the client. */
export type DocumentTexts = Readonly<Record<DocumentTextKey, string>>;

/** The texts of the call's part. */
export type CallTexts = Readonly<Record<CallTextKey, string>>;

/** Every text the client writes; those of the call are there once its file is. */
export type ClientTexts = DocumentTexts & CallTexts;

/** The JSON data block `#visit-data` of the page. */
export interface VisitPageData {
  readonly version: 1;
  readonly appointmentId: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly self: Person;
  /** Everyone invited, the reader included. */
  readonly people: readonly Person[];
  readonly state: "open" | "waiting";
  /** Present exactly when `state` is `open`. */
  readonly join: JoinInfo | null;
  readonly api: {
    /** Absolute URL of this visit, without a slash at the end: `<base>/join` and so on. */
    readonly base: string;
    /** The page's own session token, for `Authorization: Bearer`. Lives in memory only. */
    readonly session: string;
  };
  /** Stands for the person in `?tab=`, so that a reload of this page is theirs; 8 hex digits. */
  readonly tab: string;
  readonly sdk: {
    readonly url: string;
    readonly integrity: string;
    readonly timeoutMs: number;
    /** The same bytes at another origin, for when the first one fails. */
    readonly fallbackUrl?: string;
  };
  /** Origins that may frame the page and talk to it; empty: none. */
  readonly hostOrigins: readonly string[];
  /** Whether the host also hears the events in the first user's words (`docs/bridge.md`). */
  readonly legacyEvents: boolean;
  /** Whether the person is asked, and sees themselves, before they join. */
  readonly lobby: boolean;
  readonly language: Language;
  readonly texts: DocumentTexts;
}

/** Where a piece of the call's markup goes: beside or into the element with this id. */
export type CallMarkup = readonly [
  id: string,
  place: "beforebegin" | "afterbegin",
  html: string,
];

/** What the in-call bundle brings beside its program, all of it in one language. */
export interface InCallContent {
  readonly style: string;
  readonly markup: readonly CallMarkup[];
  readonly texts: CallTexts;
}

/** The answer of `GET /chime-page/texts/:language`: every text of markup and client in one language. */
export interface LanguagePack {
  readonly language: Language;
  readonly direction: "ltr" | "rtl";
  readonly texts: Readonly<Record<string, string>>;
}

/** One line of telemetry or audit from the page. Values are short codes and numbers, never text of people. */
export interface PageEvent {
  /** `^[a-z][a-z0-9-]{0,39}$` */
  readonly name: string;
  /** Milliseconds since the page began. */
  readonly at: number;
  /** At most 12 entries; strings match `^[A-Za-z0-9._:-]{0,64}$`. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

/** The body of `POST …/events`; `session` stands in it because `sendBeacon` sends no headers. */
export interface EventBatch {
  readonly session: string;
  readonly events: readonly PageEvent[];
}
