/**
 * Host bridge of chime-page, version 1: what the page says to the app or site around it, and what
 * may be said to it. One file without imports: copy it into the host's project. `docs/bridge.md`
 * says when each event comes and how each host listens.
 *
 * Messages carry codes, numbers and roles only: no name, no token, nothing about health.
 */

/** Where the page is. `state` tells each change; nothing else may be concluded from it. */
export type PageState =
  /** The page is open; the SDK file or the credentials are on their way. */
  | "loading"
  /** The person looks at themselves and chooses devices. */
  | "lobby"
  /** No provider is in yet. */
  | "waiting"
  /** Devices and the session are being opened. */
  | "connecting"
  | "in-call"
  /** The network dropped; the page is trying by itself. */
  | "reconnecting"
  /** A phone call or the system took the sound away; the visit goes on. */
  | "on-hold"
  /** The person left. */
  | "left"
  /** The visit is over for this person. */
  | "ended"
  /** The same person is in the call on another device. */
  | "joined-elsewhere"
  /** A failure with a way to try again on the screen. */
  | "failed";

/** What a person is in the visit. */
export type PageRole = "provider" | "patient" | "guest";

/** A microphone or camera as its button shows it. */
export type DeviceState = "on" | "off" | "busy" | "blocked";

/** Why a device is blocked: refused permission, not there, or used by another app. */
export type DeviceTrouble = "refused" | "missing" | "busy";

/**
 * What went wrong. None of them is the end of the visit: the page offers to try again.
 * - `SDK_LOAD_FAILED`: the SDK file was refused or is not there.
 * - `SDK_TIMEOUT`: the SDK file is slow; the page goes on by itself when it comes.
 * - `INIT_FAILED: <code>`: the call could not begin. `<code>` is a problem's name
 *   (`docs/problems.md`), `network`, `Unsupported`, an SDK status or an error's name.
 * - `CALL_FAILED: <code>`: a running call broke.
 */
export type PageError =
  | "SDK_LOAD_FAILED"
  | "SDK_TIMEOUT"
  | `INIT_FAILED: ${string}`
  | `CALL_FAILED: ${string}`;

/** Data of each event, by the event's name. */
export interface PageEvents {
  /** The person is in the call. Once for each call; a rejoin is a new call. */
  ready: "MEETING_INITIALIZED";
  /**
   * The call is over. Exactly once for each call, the last word about it, and never for a failure
   * that can be retried. `USER_LEFT`: the person left. `MEETING_STOPPED`: it is over for everyone,
   * or this person was removed.
   */
  ended: "USER_LEFT" | "MEETING_STOPPED";
  error: PageError;
  state: PageState;
  /** Somebody else came or went. `others` counts everybody else who is in the call now, by role. */
  participant: {
    readonly change: "joined" | "left";
    readonly role: PageRole;
    readonly others: { readonly [role in PageRole]: number };
  };
  microphone: { readonly state: DeviceState };
  camera: { readonly state: DeviceState };
  /** How the network carries the call; `offline` is the device's own word. */
  network: { readonly quality: "good" | "poor" | "offline" };
  /** The system or the web view refuses a device: the app may explain and open its settings. */
  permission: { readonly device: "microphone" | "camera"; readonly state: "refused" };
  /** A device is not there, or another app has it. */
  device: {
    readonly device: "microphone" | "camera";
    readonly trouble: Exclude<DeviceTrouble, "refused">;
  };
  /** Asks the app to route the sound: web pages cannot. `default` gives the choice back. */
  "audio-route": { readonly route: "speaker" | "earpiece" | "default" };
  /** Asks the app to keep the screen on, or not to any longer. */
  "keep-awake": { readonly on: boolean };
  /** The person is done: close the web view or the frame. */
  close: "USER_DONE";
  /** Answer to a command that carried an `id`. `handled`: the page knew it and acted. */
  answer: {
    readonly id: string | number;
    readonly command: string;
    readonly handled: boolean;
  };
}

/** Name of an event. */
export type PageEventName = keyof PageEvents;

/** One message from the page; hosts get it as JSON text. */
export type PageMessage = {
  [Name in PageEventName]: {
    readonly event: Name;
    readonly data: PageEvents[Name];
    /** Milliseconds since 1970, by the device's clock. */
    readonly timestamp: number;
    readonly version: 1;
  };
}[PageEventName];

/** Languages the page speaks. */
export type PageLanguage = "en" | "fr" | "ar" | "pt" | "es" | "sw";

/** Commands without further data. */
export type PlainCommandName =
  | "mute"
  | "unmute"
  | "camera-on"
  | "camera-off"
  /** The camera on the other side of the phone. */
  | "flip-camera"
  /** The person leaves, as by the button. */
  | "leave"
  /** The back button. Handled: something on the page closed. Not handled: the app decides. */
  | "back"
  /** The app goes to the background: the camera pauses, the sound goes on. */
  | "background"
  /** The app is back: the camera resumes if the person still wants it on. */
  | "foreground";

/** One command to the page. With an `id` the page also answers by the event `answer`. */
export type HostCommand =
  | { readonly command: PlainCommandName; readonly id?: string | number }
  | {
    readonly command: "language";
    /** A language tag: `fr`, `pt-BR`, `ar-TD`. */
    readonly language: PageLanguage | (string & Record<never, never>);
    readonly id?: string | number;
  };

/** Name of a command. */
export type HostCommandName = HostCommand["command"];

/**
 * The page's ear: `window.chimePage.send({ command: "mute" })` in the page itself. A site that
 * frames the page posts the same object, or its JSON text, by `postMessage`; its origin has to be
 * in `CHIME_PAGE_FRAME_ANCESTORS`.
 */
export interface ChimePage {
  /** Answers whether the page handled the command: false for unknown ones, and for `back` when there was nothing to close. */
  send(command: HostCommand): boolean;
}
