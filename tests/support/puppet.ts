/**
 * What a test can make a puppet call do. In the page `globalThis.puppets` has one for each session, the
 * oldest first, and `globalThis.puppet` is the newest.
 */
export interface Puppet {
  /** A person joins; `hue` is the colour of their picture, null leaves the camera off. */
  enter(id: string, externalUserId: string, hue: number | null, upright?: boolean): void;
  exit(id: string): void;
  /** Their camera is switched off. */
  dark(id: string): void;
  /** Their screen is shared. */
  screen(id: string, externalUserId: string): void;
  mute(id: string, muted: boolean): void;
  /** How many active speaker detectors run, in all sessions. */
  listeners(): number;
  speak(...ids: string[]): void;
  /** They send data, on the topic of the chat or another one. */
  say(externalUserId: string, data: unknown, topic?: string): void;
  /** A caption of what they say. */
  caption(id: string, externalUserId: string, text: string): void;
  /** Amazon throttles the last message of this page. */
  throttle(): void;
  /** The page's own microphone, or camera, is unplugged. */
  unplug(kind?: "audio" | "video"): void;
  /** The id of the last message that this page sent. */
  lastId(): string;
  reconnect(): void;
  /** Sessions that start from now on never finish connecting. */
  stall(): void;
  /** Reports so many seconds of network statistics at once: bandwidth used and available. */
  pass(seconds: number, kbps: number, available: number): void;
  /** The page shares its own screen. */
  share(): void;
  /** Whether it still does, as far as the SDK was told. */
  shared(): boolean;
  /** Ends the session with this status of the SDK. */
  stop(status: string): void;
}
