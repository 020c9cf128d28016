/** Sharing the own screen, from browsers that can; the others only look on. */
import type { During } from "../media/guard.ts";
import type { AudioVideo } from "../media/sdk.ts";

/** Shares and stops. */
export interface Share {
  toggle(): Promise<void>;
  stop(): void;
  /** The call is over: the SDK would go on showing the screen, on a connection of its own. */
  end(): void;
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
  during: During,
): Share {
  let sharing = false;
  let asked = false;
  let over = false;
  const set = (next: boolean) => {
    asked = false;
    if (sharing === next) return;
    sharing = next;
    changed(next);
  };
  audioVideo.addContentShareObserver({
    contentShareDidStart: during(() => set(true)),
    contentShareDidStop: during(() => {
      // Refused before it began: two screens at most are shared in a meeting.
      if (asked) failed();
      set(false);
    }),
  });
  const stop = () => {
    if (!sharing) return;
    audioVideo.stopContentShare();
    // The capture ended with the call above; the SDK's own word waits for the meeting's answer.
    set(false);
  };
  return {
    stop,
    end() {
      over = true;
      asked = false;
      audioVideo.stopContentShare();
      set(false);
    },
    async toggle() {
      if (sharing) return stop();
      asked = true;
      try {
        await audioVideo.startContentShareFromScreenCapture(undefined, 10);
        // Chosen after the end: nobody is to see it.
        if (over) audioVideo.stopContentShare();
      } catch (error) {
        asked = false;
        if (!(error instanceof DOMException) || error.name !== "NotAllowedError") failed();
      }
    },
  };
}
