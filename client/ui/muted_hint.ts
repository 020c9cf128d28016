/** Tells people who speak while they are muted that nobody hears them. */
import type { Devices } from "../media/devices.ts";
import { showLevel } from "../media/level.ts";
import { createSpeechDetector } from "../media/speech.ts";
import type { Store } from "../visit/store.ts";
import { element, type View } from "./view.ts";

export interface MutedHintDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly devices: Devices;
  readonly view: View;
}

/** Once a minute at most, because they may be speaking to someone in the room. */
const PAUSE_MS = 60_000;
const SHOWN_MS = 8_000;

/**
 * Muting keeps the microphone open but disables its track, which then sends silence. A copy of the
 * track measures the level on this device; it is never sent, and stops when the person unmutes.
 * A microphone that was never opened stays closed, so there is no hint.
 */
export function hintWhileMuted({ page, store, devices, view }: MutedHintDependencies): void {
  const notice = element(page, "notice");
  const hide = () => view.clearNotice("mutedSpeaking");
  let measured: MediaStreamTrack | undefined;
  let stop = () => {};
  let last = -PAUSE_MS;

  function hint(): void {
    // An echo of the others is not the person's voice. Other notices are more important.
    if (page.querySelector(".tile.talking") || !notice.hidden) return;
    if (performance.now() - last < PAUSE_MS) return;
    last = performance.now();
    view.notice("mutedSpeaking");
    setTimeout(hide, SHOWN_MS);
  }
  function measure(track: MediaStreamTrack): void {
    const copy = track.clone();
    copy.enabled = true;
    const detect = createSpeechDetector();
    const stopMeter = showLevel(new MediaStream([copy]), (level) => detect(level) && hint());
    stop = () => {
      stopMeter();
      copy.stop();
    };
  }
  store.follow("microphone", () => {
    const muted = store.now.microphone?.state === "off";
    const track = muted ? devices.microphone.stream?.getAudioTracks()[0] : undefined;
    if (!muted) hide();
    if (track === measured) return;
    stop();
    stop = () => {};
    measured = track;
    if (track?.readyState === "live") measure(track);
  });
}
