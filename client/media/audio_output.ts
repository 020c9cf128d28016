/** Playback of the meeting's audio. */

/** Plays the meeting's audio. */
export interface AudioOutput {
  /** Tries to play. Call it when the session starts and whenever playback may have stopped. */
  play(): Promise<void>;
  /**
   * A call begins or is over. During a call, the keys of a headset and the media notification do
   * not pause the sound.
   */
  calling(on: boolean): void;
}

/** The media keys. Without a handler of the page, the browser pauses the sound. */
const ACTIONS: readonly MediaSessionAction[] = [
  "play",
  "pause",
  "stop",
  "seekbackward",
  "seekforward",
  "previoustrack",
  "nexttrack",
];

/** More pauses than this within {@link PAUSES_MS} come from a system that will not let us play. */
const MAX_PAUSES = 5;
const PAUSES_MS = 10_000;

/**
 * @param audio the element that the session plays to
 * @param button shown while playing needs a tap; a tap on it plays
 */
export function createAudioOutput(
  audio: HTMLAudioElement,
  button: HTMLButtonElement,
): AudioOutput {
  let pauses: readonly number[] = [];
  async function play(): Promise<void> {
    const source = audio.srcObject;
    if (source === null) return;
    try {
      await audio.play();
      button.hidden = true;
    } catch {
      // If the stream was replaced meanwhile, play() is called again for the new one.
      if (audio.paused && audio.srcObject === source) button.hidden = false;
    }
  }
  button.addEventListener("click", () => {
    pauses = [];
    void play();
  });
  audio.addEventListener("playing", () => button.hidden = true);
  // The page never pauses: it was a key, another audio route or a notification.
  audio.addEventListener("pause", () => {
    if (audio.srcObject === null) return;
    const now = performance.now();
    pauses = [...pauses.filter((at) => now - at < PAUSES_MS), now];
    if (pauses.length <= MAX_PAUSES) void play();
    else button.hidden = false;
  });
  // Playback stops when its output is gone, for example a headset: use the system's default.
  navigator.mediaDevices?.addEventListener?.("devicechange", async () => {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    if (audio.sinkId && !all.some(({ deviceId }) => deviceId === audio.sinkId)) {
      await audio.setSinkId("").catch(() => undefined);
    }
    if (audio.paused) await play();
  });
  return {
    play,
    calling(on) {
      for (const action of ACTIONS) {
        try {
          navigator.mediaSession.setActionHandler(action, on ? () => void play() : null);
        } catch {
          // The browser has no media session, or not this action.
        }
      }
    },
  };
}
