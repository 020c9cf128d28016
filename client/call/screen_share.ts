/** Screen sharing, in browsers that support it. */
import type { During } from "../media/guard.ts";
import type { AudioVideo } from "../media/sdk.ts";

export interface Share {
  toggle(): Promise<void>;
  stop(): void;
  /** Stops sharing after the call: the SDK would keep it running on a separate connection. */
  end(): void;
}

/** Whether this browser can share a screen. Phones cannot, and most frames are not allowed to. */
export function canShare(devices: MediaDevices | undefined): boolean {
  return typeof devices?.getDisplayMedia === "function";
}

/**
 * @param changed called when sharing starts or stops
 * @param failed called when sharing fails, but not when the person cancels the prompt
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
      // Refused before it started: Chime allows two shared screens per meeting.
      if (asked) failed();
      set(false);
    }),
  });
  const stop = () => {
    if (!sharing) return;
    audioVideo.stopContentShare();
    // The capture has ended, but the SDK reports it only after a response from the server.
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
        // The person chose a screen after the call had ended.
        if (over) audioVideo.stopContentShare();
      } catch (error) {
        asked = false;
        if (!(error instanceof DOMException) || error.name !== "NotAllowedError") failed();
      }
    },
  };
}
