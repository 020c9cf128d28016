/**
 * Notices that the system took the person's sound: a phone call, another app, sleep. WebKit mutes
 * the track and often does not bring it back (amazon-chime-sdk-js 3238); of one that ends the SDK
 * tells by itself.
 */
import type { Device } from "./devices.ts";

/** Short silences of a track, as when a headset changes, are none. */
const PATIENCE_MS = 1_500;

/** What holding needs. */
export interface HoldDependencies {
  readonly microphone: Device;
  readonly held: () => void;
  readonly resumed: () => void;
}

/** Watches the open stream; call again whenever it may be another one. */
export function createHold({ microphone, held, resumed }: HoldDependencies): { watch(): void } {
  let track: MediaStreamTrack | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function look(): void {
    clearTimeout(timer);
    if (track === undefined || track !== microphone.stream?.getAudioTracks()[0]) return;
    if (track.muted) timer = setTimeout(held, PATIENCE_MS);
    else resumed();
  }
  return {
    watch() {
      const next = microphone.stream?.getAudioTracks()[0];
      if (next !== track) {
        for (const event of ["mute", "unmute"]) {
          track?.removeEventListener(event, look);
          next?.addEventListener(event, look);
        }
        track = next;
      }
      look();
    },
  };
}
