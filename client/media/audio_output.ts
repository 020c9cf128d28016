/** The sound of the others: bound before the session starts, and a tap where the browser wants one. */

/** Keeps the meeting's sound audible. */
export interface Sound {
  /** Tries to play. Called when the session has started and whenever the sound may have stopped. */
  play(): Promise<void>;
}

/**
 * @param audio the element the meeting's sound is bound to
 * @param button shown only while the browser refuses to play without a tap
 */
export function createSound(audio: HTMLAudioElement, button: HTMLButtonElement): Sound {
  async function play(): Promise<void> {
    if (audio.srcObject === null) return;
    try {
      await audio.play();
      button.hidden = true;
    } catch (error) {
      // AbortError: the stream was replaced in the meantime, and that play() will answer for itself.
      if (error instanceof DOMException && error.name === "NotAllowedError") button.hidden = false;
    }
  }
  button.addEventListener("click", () => void play());
  audio.addEventListener("playing", () => button.hidden = true);
  return { play };
}
