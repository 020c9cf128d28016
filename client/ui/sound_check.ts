/** The microphone meter and the speaker test in the lobby. */
import type { Texts } from "../i18n/texts.ts";
import type { Devices } from "../media/devices.ts";
import { showLevel } from "../media/level.ts";
import type { Tones } from "../media/tones.ts";
import { element } from "./view.ts";

export interface SoundCheckDependencies {
  readonly page: Document;
  readonly devices: Devices;
  readonly texts: Texts;
  readonly tones: Tones;
}

/** Speech is louder than this on the scale of the meter, and a quiet room is not. */
const SPEECH = 50;

/**
 * Connects the meter and the button, if the page has a lobby.
 * @returns a function to call after each change of a device or the phase
 */
export function createSoundCheck(
  { page, devices: { microphone }, texts, tones }: SoundCheckDependencies,
): () => void {
  const lobby = page.getElementById("lobby");
  if (lobby === null) return () => undefined;
  const level = element<HTMLMeterElement>(page, "level");
  const hint = element(page, "level-hint");
  const check = element(page, "level-check");
  let measured: MediaStream | null = null;
  let stop = () => {};
  const show = (value: number) => {
    level.value = value;
    if (value > SPEECH) texts.say(hint, "microphoneWorks");
  };
  element(page, "test-sound").addEventListener("click", () => {
    void tones.play("test");
    texts.say(hint, "noTestSound");
  });
  return () => {
    const stream = lobby.hidden ? null : microphone.stream;
    // Without a microphone the meter would look like silence.
    check.classList.toggle("silent", stream === null);
    if (measured === stream) return;
    stop();
    measured = stream;
    texts.say(hint, stream && "saySomething");
    stop = stream ? showLevel(stream, show) : () => {};
  };
}
