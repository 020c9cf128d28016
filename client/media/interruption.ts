/**
 * Detects that the system interrupted the microphone: a phone call, another app or sleep. WebKit
 * mutes the track and often does not unmute it (aws/amazon-chime-sdk-js#3238). The SDK reports
 * tracks that end.
 */
import type { Device } from "./devices.ts";

/** Tracks are also muted briefly, for example when a headset is connected. */
const GRACE_MS = 1_500;

/** The device to watch, and what to call when it is interrupted or resumes. */
export interface InterruptionDependencies {
  readonly microphone: Device;
  readonly held: () => void;
  readonly resumed: () => void;
}

/** Call `watch` whenever the microphone may have a new stream. */
export function createInterruptionWatcher(
  { microphone, held, resumed }: InterruptionDependencies,
): { watch(): void } {
  let track: MediaStreamTrack | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function check(): void {
    clearTimeout(timer);
    if (track === undefined || track !== microphone.stream?.getAudioTracks()[0]) return;
    if (track.muted) timer = setTimeout(held, GRACE_MS);
    else resumed();
  }
  return {
    watch() {
      const next = microphone.stream?.getAudioTracks()[0];
      if (next !== track) {
        for (const event of ["mute", "unmute"]) {
          track?.removeEventListener(event, check);
          next?.addEventListener(event, check);
        }
        track = next;
      }
      check();
    },
  };
}
