/** The own camera in a running call: on, off, and what stands in the way. */
import { type DeviceTrouble, troubleOf } from "./device_trouble.ts";
import { CAMERA } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";

/** How the camera's button looks. */
export type DeviceState = "on" | "off" | "busy" | "blocked";

/** Hears of each change; `trouble` says why a device is blocked. */
export type DeviceReport = (state: DeviceState, trouble?: DeviceTrouble) => void;

/** Switches the camera. Each call is safe at any time, also twice. */
export interface Camera {
  on(): Promise<void>;
  off(): Promise<void>;
  toggle(): Promise<void>;
  /** The device went away by itself: unplugged, or taken by another app. */
  lost(): void;
}

/** @param audioVideo a session that has started */
export function createCamera(audioVideo: AudioVideo, report: DeviceReport): Camera {
  let state: DeviceState = "off";
  // A camera opens slowly: whoever switched it off in the meantime must not be filmed after all.
  let wanted = false;
  const set = (next: DeviceState, trouble?: DeviceTrouble) => {
    state = next;
    report(next, trouble);
  };

  async function on(): Promise<void> {
    if (wanted) return;
    wanted = true;
    set("busy");
    try {
      await audioVideo.startVideoInput(CAMERA);
      if (!wanted) return await audioVideo.stopVideoInput();
      audioVideo.startLocalVideoTile();
      set("on");
    } catch (error) {
      if (!wanted) return;
      wanted = false;
      set("blocked", troubleOf(error));
    }
  }

  async function off(): Promise<void> {
    wanted = false;
    set("off");
    audioVideo.stopLocalVideoTile();
    // Stopping the tile alone would leave the camera, and its light, on.
    await audioVideo.stopVideoInput();
  }

  return {
    on,
    off,
    toggle: () => state === "on" || state === "busy" ? off() : on(),
    lost() {
      if (!wanted) return;
      wanted = false;
      audioVideo.stopLocalVideoTile();
      set("blocked", "busy");
    },
  };
}
