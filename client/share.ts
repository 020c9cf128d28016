/** Sharing the own screen, from browsers that can; the others only look on. */
import { guarded } from "./guard.ts";
import type { AudioVideo } from "./sdk.ts";

/** Shares and stops. */
export interface Share {
  toggle(): Promise<void>;
  stop(): void;
}

/** Whether this browser can share a screen: phones cannot, and most frames may not. */
export function canShare(devices: MediaDevices | undefined): boolean {
  return typeof devices?.getDisplayMedia === "function";
}

/**
 * @param changed hears whether the screen is shared now
 * @param failed hears that it could not be; a person who changed their mind is no failure
 */
export function createShare(
  audioVideo: AudioVideo,
  changed: (sharing: boolean) => void,
  failed: () => void,
  onError: (error: unknown) => void,
): Share {
  let sharing = false;
  const set = guarded((next: boolean) => {
    if (sharing === next) return;
    sharing = next;
    changed(next);
  }, onError);
  audioVideo.addContentShareObserver({
    contentShareDidStart: () => set(true),
    contentShareDidStop: () => {
      // Refused before it began: two screens at most are shared in a meeting.
      if (!sharing) guarded(failed, onError)();
      set(false);
    },
  });
  const stop = () => {
    if (sharing) audioVideo.stopContentShare();
  };
  return {
    stop,
    async toggle() {
      if (sharing) return stop();
      try {
        await audioVideo.startContentShareFromScreenCapture(undefined, 10);
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== "NotAllowedError") failed();
      }
    },
  };
}
