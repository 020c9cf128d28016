/**
 * Watches the open track of a device: the system may end it (unplugged, permission revoked) or mute
 * it (a phone call, Safari's own button, sleep). WebKit often does not unmute a track
 * (aws/amazon-chime-sdk-js#3238).
 */
import type { Device } from "./devices.ts";

/** Tracks are also muted briefly, for example when a headset is connected. */
const GRACE_MS = 1_500;

/** Callbacks of {@link watchTrack}. */
export interface TrackEvents {
  /** The system muted the track, or it is not muted. Also called if nothing has changed. */
  muted(muted: boolean): void;
  /** The track ended, and not because the page stopped it. */
  ended?(): void;
}

/**
 * Returns a function to call whenever the device may have another track, or after sleep.
 * @param graceMs how long a track must be muted
 */
export function watchTrack(
  device: Pick<Device, "stream">,
  { muted, ended }: TrackEvents,
  graceMs: number = GRACE_MS,
): () => void {
  let track: MediaStreamTrack | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const current = () => device.stream?.getTracks()[0];
  function check(): void {
    clearTimeout(timer);
    if (track === undefined || track !== current()) return;
    if (track.muted) timer = setTimeout(() => muted(true), graceMs);
    else muted(false);
  }
  const onEnded = () => {
    if (track === current()) ended?.();
  };
  return () => {
    const next = current();
    if (next !== track) {
      for (
        const [event, run] of [["mute", check], ["unmute", check], ["ended", onEnded]] as const
      ) {
        track?.removeEventListener(event, run);
        next?.addEventListener(event, run);
      }
      track = next;
      // The device may be lost before anybody listens, as bundles load slowly.
      if (track?.readyState === "ended") return ended?.();
    }
    check();
  };
}
