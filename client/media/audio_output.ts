/** Playback of the meeting's audio. */

/** Plays the meeting's audio. */
export interface AudioOutput {
  /** Tries to play. Call it when the session starts and whenever playback may have stopped. */
  play(): Promise<void>;
}

/**
 * @param audio the element that the session plays to
 * @param button shown while the browser requires a tap to play; a tap on it plays
 */
export function createAudioOutput(
  audio: HTMLAudioElement,
  button: HTMLButtonElement,
): AudioOutput {
  async function play(): Promise<void> {
    if (audio.srcObject === null) return;
    try {
      await audio.play();
      button.hidden = true;
    } catch (error) {
      // Ignore AbortError: the stream was replaced, and play() is called again for the new one.
      if (error instanceof DOMException && error.name === "NotAllowedError") button.hidden = false;
    }
  }
  button.addEventListener("click", () => void play());
  audio.addEventListener("playing", () => button.hidden = true);
  return { play };
}
