/**
 * Types of the chime-page host bridge, version 1: the events the page sends to the app or site that
 * embeds it, and the commands it accepts. This file has no imports, so you can copy it into your
 * project. `docs/bridge.md` describes when each event is sent and how to receive it.
 *
 * Messages contain only codes, numbers and roles: no names, tokens or health data.
 */

/** State of the page. The `state` event reports every change. */
export type PageState =
  /** The page is open and loading the SDK file or credentials. */
  | "loading"
  /** The person previews their camera and chooses devices. */
  | "lobby"
  /** No provider has joined yet. */
  | "waiting"
  /** The devices and the session are opening. */
  | "connecting"
  | "in-call"
  /** The network dropped and the page is reconnecting. */
  | "reconnecting"
  /** A phone call or the system interrupted the audio; the visit continues. */
  | "on-hold"
  /** The person left. */
  | "left"
  /** The visit is over for this person. */
  | "ended"
  /** The same person joined the call on another device. */
  | "joined-elsewhere"
  /** Something failed; the page offers a way to try again. */
  | "failed";

/** Role of a person in the visit. */
export type PageRole = "provider" | "patient" | "guest";

/** State of a microphone or camera, as shown on its button. */
export type DeviceState = "on" | "off" | "busy" | "blocked";

/**
 * Why a device is blocked: permission was refused, there is none, it could not be opened (usually
 * because another app is using it), or the browser or the system has muted it.
 */
export type DeviceTrouble = "refused" | "missing" | "busy" | "muted";

/**
 * What went wrong. No error ends the visit: the page offers to try again.
 * - `SDK_LOAD_FAILED`: the SDK file could not be loaded.
 * - `SDK_TIMEOUT`: the SDK file is slow; the page continues as soon as it arrives.
 * - `INIT_FAILED: <code>`: the call could not start. `<code>` is the name of a problem
 *   (`docs/problems.md`), `network`, `Unsupported`, an SDK status or the name of an error.
 * - `CALL_FAILED: <code>`: a running call failed.
 */
export type PageError =
  | "SDK_LOAD_FAILED"
  | "SDK_TIMEOUT"
  | `INIT_FAILED: ${string}`
  | `CALL_FAILED: ${string}`;

/** Data of each event, by event name. */
export interface PageEvents {
  /** The person is in the call. Sent once per call; rejoining starts a new call. */
  ready: "MEETING_INITIALIZED";
  /**
   * The call is over. Sent exactly once per call, after every other event of that call, and never
   * for a failure that can be retried. `USER_LEFT`: the person left. `MEETING_STOPPED`: the call
   * ended for everyone, or this person was removed.
   */
  ended: "USER_LEFT" | "MEETING_STOPPED";
  error: PageError;
  state: PageState;
  /** Another person joined or left. `others` counts the other people now in the call, by role. */
  participant: {
    readonly change: "joined" | "left";
    readonly role: PageRole;
    readonly others: { readonly [role in PageRole]: number };
  };
  microphone: { readonly state: DeviceState };
  camera: { readonly state: DeviceState };
  /**
   * The picture of another person has stopped although its data arrives, and subscribing again did
   * not help; the sound goes on. `moving`: it moves again.
   */
  picture: { readonly state: "stopped" | "moving" };
  /** Network quality of the call; `offline` means that the browser reports no connection. */
  network: { readonly quality: "good" | "poor" | "offline" };
  /** The system or web view refused a device. The app can explain this and open its settings. */
  permission: { readonly device: "microphone" | "camera"; readonly state: "refused" };
  /** There is no such device, it could not be opened, or the browser or the system has muted it. */
  device: {
    readonly device: "microphone" | "camera";
    readonly trouble: Exclude<DeviceTrouble, "refused">;
  };
  /** Asks the app to route the audio, which web pages cannot do. `default` ends the override. */
  "audio-route": { readonly route: "speaker" | "earpiece" | "default" };
  /** Asks the app to keep the screen on, or to stop doing so. */
  "keep-awake": { readonly on: boolean };
  /** The person is done: close the web view or frame. */
  close: "USER_DONE";
  /**
   * From the page `GET /chime-page/prepare` alone, once: the files of a visit are in the cache; one
   * of them could not be loaded; or nothing was loaded, because the browser saves data.
   */
  prepare: { readonly state: "prepared" | "failed" | "data-saver" };
  /** Response to a command with an `id`. `handled`: the page recognized it and acted on it. */
  answer: {
    readonly id: string | number;
    readonly command: string;
    readonly handled: boolean;
  };
}

export type PageEventName = keyof PageEvents;

/** One message from the page. Hosts receive it as JSON text. */
export type PageMessage = {
  [Name in PageEventName]: {
    readonly event: Name;
    readonly data: PageEvents[Name];
    /** Milliseconds since 1970, from the device's clock. */
    readonly timestamp: number;
    readonly version: 1;
  };
}[PageEventName];

/** Languages that the page supports. */
export type PageLanguage = "en" | "fr" | "ar" | "pt" | "es" | "sw";

/** Commands that take no data. */
export type PlainCommandName =
  | "mute"
  | "unmute"
  | "camera-on"
  | "camera-off"
  /** Switches between the front and back cameras. */
  | "flip-camera"
  /** Leaves the call, like the Leave button. */
  | "leave"
  /** The back button. Handled if the page closed something; otherwise the app decides. */
  | "back"
  /** The app moved to the background: the camera pauses and the audio continues. */
  | "background"
  /** The app is in the foreground again: the camera resumes if the person still wants it on. */
  | "foreground";

/** One command to the page. If it has an `id`, the page responds with an `answer` event. */
export type HostCommand =
  | { readonly command: PlainCommandName; readonly id?: string | number }
  | {
    readonly command: "language";
    /** A language tag, such as `fr`, `pt-BR` or `ar-TD`. */
    readonly language: PageLanguage | (string & Record<never, never>);
    readonly id?: string | number;
  };

export type HostCommandName = HostCommand["command"];

/**
 * Accepts commands from the host app: `window.chimePage.send({ command: "mute" })` in the page. A
 * site that embeds the page in a frame sends the same object, or its JSON text, with `postMessage`.
 * Its origin must be listed in `CHIME_PAGE_FRAME_ANCESTORS`.
 */
export interface ChimePage {
  /** Returns whether the page handled the command. */
  send(command: HostCommand): boolean;
}
