/** What a caller's page and its test tell each other. */

/** How a person joins. */
export interface JoinOptions {
  readonly meeting: unknown;
  readonly attendee: unknown;
  /** Frequency of the tone that stands for this person's voice, in Hz. */
  readonly tone: number;
  /** Width, height and frames a second of the camera; none if left out. */
  readonly camera?: readonly [width: number, height: number, framerate: number];
  /** Topic of messages to receive from the start on. */
  readonly topic?: string;
}

/** A person of the roster, as the SDK reported them. */
export interface Seen {
  externalUserId: string;
  present: boolean;
  dropped: boolean;
  muted: boolean | null;
  loudest: number;
  signal: number | null;
}

/** A tile and how many frames it has shown. */
export interface TileState {
  readonly externalUserId: string;
  readonly content: boolean;
  readonly frames: number;
  readonly width: number;
}

/** Everything that a test can read. */
export interface CallerState {
  readonly started: number;
  readonly connecting: readonly boolean[];
  readonly stopped: string | null;
  readonly contentStopped: string | null;
  readonly roster: Readonly<Record<string, Seen>>;
  readonly tiles: readonly TileState[];
  readonly messages: readonly { readonly text: string; readonly from: string }[];
  readonly throttled: number;
  /** Milliseconds from start() to audioVideoDidStart, and to the first remote frame. */
  readonly startMs: number | null;
  readonly firstFrameMs: number | null;
}
