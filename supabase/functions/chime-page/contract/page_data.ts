/**
 * Data exchanged between the function and the page: the JSON data block of the document, and the
 * bodies of the API's requests and responses.
 * @module
 */
import type { ChimeAttendee, ChimeMeeting } from "../../_shared/chime_types.ts";
import type { Language } from "./languages.ts";
import type { CallTexts, ClientTexts, DocumentTexts } from "./text_keys.ts";

export type { Language };

/** A person's role in a visit. Providers can end it for everyone; the others wait for a provider. */
export type Role = "provider" | "patient" | "guest";

/** What `DefaultMeetingSession` needs; also the response of `POST …/join`. */
export interface JoinInfo {
  readonly meeting: ChimeMeeting;
  readonly attendee: ChimeAttendee;
}

/** A participant of a visit. `id` is also their `ExternalUserId` at Chime. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** The response of `GET …/status`. */
export interface VisitStatus {
  /** `open`: `POST …/join` returns credentials. `waiting`: no provider has joined yet. */
  readonly state: "open" | "waiting";
  /** Ids of participants who are here: see {@link Heard}. */
  readonly present: readonly string[];
  /** Only for a request with `page`. */
  readonly heard?: readonly Heard[];
  /** People who are here without being listed. A page that was opened before them lacks their names. */
  readonly people?: readonly Person[];
  /** Only for a request with `page`: a provider ended the visit, and nobody has opened it again. */
  readonly ended?: boolean;
  /** Seconds to wait before the next poll. */
  readonly pollSeconds: number;
}

/**
 * A person whose page has contacted the function in the last 30 seconds, and has not said since then
 * that it is gone.
 */
export interface Heard {
  /** Participant id. */
  readonly id: string;
  /** Seconds since then. */
  readonly secondsAgo: number;
  /** Whether they have tapped Join. */
  readonly ready: boolean;
}

/** The JSON data block `#visit-data` of the page. */
export interface VisitPageData {
  readonly version: 1;
  readonly appointmentId: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly self: Person;
  /** Everyone listed, this person, and who is here without being listed. */
  readonly people: readonly Person[];
  readonly state: "open" | "waiting";
  /** Null if and only if `state` is `waiting`. */
  readonly join: JoinInfo | null;
  readonly api: {
    /** Absolute URL of this visit without a trailing slash, for `<base>/join` and so on. */
    readonly base: string;
    /** The page's session token, for `Authorization: Bearer`. Kept in memory only. */
    readonly session: string;
  };
  /**
   * Query of a reload. `tab` (8 hex digits) identifies the person, so that the reload is theirs;
   * `lang` is there if the page was opened with it.
   */
  readonly query: string;
  readonly sdk: {
    readonly url: string;
    readonly integrity: string;
    readonly timeoutMs: number;
    /** The same file at another origin, used if the first one fails. */
    readonly fallbackUrl?: string;
  };
  /** Origins that may frame the page and exchange messages with it; may be empty. */
  readonly hostOrigins: readonly string[];
  /** Whether the host app also receives the legacy event strings (`docs/bridge.md`). */
  readonly legacyEvents: boolean;
  /** Whether the person sees a preview and a Join button before the call. */
  readonly lobby: boolean;
  readonly language: Language;
  readonly texts: DocumentTexts;
}

/** A piece of a bundle's markup, and where it is inserted: before or into the element with this id. */
export type MarkupPiece = readonly [
  id: string,
  place: "beforebegin" | "afterbegin",
  html: string,
];

/** The style, markup and texts of a bundle in one language. */
export interface BundleContent {
  readonly style: string;
  readonly markup: readonly MarkupPiece[];
  readonly texts: Readonly<Partial<CallTexts>>;
}

/** The response of `GET /chime-page/texts/:language`: all texts of the page in one language. */
export interface LanguagePack {
  readonly language: Language;
  readonly direction: "ltr" | "rtl";
  readonly texts: Readonly<Record<string, string> & ClientTexts>;
}

/** Data in the page `GET /chime-page/prepare`. */
export interface PrepareData {
  /** The SDK file and both bundles. */
  readonly files: readonly { readonly url: string; readonly integrity: string }[];
  /** The browser asked to save data, so nothing is loaded. */
  readonly saveData: boolean;
  /** Origins that may frame the page and receive its events; may be empty. */
  readonly hostOrigins: readonly string[];
}

/** A telemetry or audit event of the page. Values are short codes and numbers, never user input. */
export interface PageEvent {
  /** Matches `^[a-z][a-z0-9-]{0,39}$`. */
  readonly name: string;
  /** Milliseconds since the page loaded. */
  readonly at: number;
  /** At most 12 entries; strings match `^[A-Za-z0-9._:-]{0,64}$`. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

/** The body of `POST …/events`. It contains `session` because `sendBeacon` cannot set headers. */
export interface EventBatch {
  readonly session: string;
  /** May be empty if the page says that it is gone. */
  readonly events: readonly PageEvent[];
  /** The page's id in `GET …/status?page=`, if the page is closing or its person has left. */
  readonly gone?: string;
}
