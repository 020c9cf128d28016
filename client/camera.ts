/** The own camera in a running call: on, off, and what stands in the way. */
import type { DeviceState } from "./chime-page.d.ts";
import { type DeviceTrouble, troubleOf } from "./device_trouble.ts";
import type { Device } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";

export type { DeviceState } from "./chime-page.d.ts";

/** Hears of each change; `trouble` says why a device is blocked. */
export type DeviceReport = (state: DeviceState, trouble?: DeviceTrouble) => void;

/** Switches the camera. Each call is safe at any time, also twice. */
export interface Camera {
  on(): Promise<void>;
  off(): Promise<void>;
  toggle(): Promise<void>;
  /** The camera on the other side of the phone; on computers the next one. */
  flip(): Promise<void>;
  /** The picture pauses for want of bandwidth; the camera stays open and the person's choice too. */
  pause(paused: boolean): void;
  /** Opens it afresh and publishes it again, if it was on before the system took it. */
  restore(): Promise<void>;
  /** The device went away by itself: unplugged, or taken by another app. */
  lost(): void;
}

/** @param audioVideo a session that has started */
export function createCamera(
  audioVideo: AudioVideo,
  device: Device,
  report: DeviceReport,
): Camera {
  let state: DeviceState = "off";
  let wanted = false;
  // A camera opens slowly: whoever switched it off in the meantime must not be filmed after all, and
  // what an older press comes to says nothing about a newer one.
  let turn = 0;
  let paused = false;
  let taken = false;
  let facing: "user" | "environment" = "user";
  const set = (next: DeviceState, trouble?: DeviceTrouble) => {
    state = next;
    report(next, trouble);
  };

  async function show(opening: Promise<MediaStream | null>): Promise<void> {
    const mine = ++turn;
    set("busy");
    const stream = await opening;
    if (mine !== turn) return;
    if (stream === null) {
      wanted = false;
      return set("blocked", device.trouble ?? "busy");
    }
    try {
      await audioVideo.startVideoInput(stream);
    } catch (error) {
      if (mine !== turn) return;
      wanted = false;
      return set("blocked", troubleOf(error));
    }
    if (mine !== turn) return;
    if (!paused) audioVideo.startLocalVideoTile();
    set("on");
  }
  function on(): Promise<void> {
    if (wanted) return Promise.resolve();
    wanted = true;
    return show(device.open());
  }
  async function off(): Promise<void> {
    turn++;
    wanted = taken = false;
    set("off");
    audioVideo.stopLocalVideoTile();
    // Stopping the tile alone would leave the camera, and its light, on.
    device.close();
    await audioVideo.stopVideoInput();
  }

  return {
    on,
    off,
    toggle: () => state === "on" || state === "busy" ? off() : on(),
    async flip() {
      const { facingMode, deviceId } = device.stream?.getVideoTracks()[0]?.getSettings() ?? {};
      const side = (facingMode ?? facing) === "environment" ? "user" : "environment";
      let other: MediaTrackConstraints = { facingMode: side };
      if (deviceId !== undefined && facingMode === undefined) {
        // A computer's cameras do not say where they look.
        const all = (await navigator.mediaDevices.enumerateDevices())
          .filter(({ kind }) => kind === "videoinput");
        const now = all.findIndex((one) => one.deviceId === deviceId);
        other = { deviceId: { exact: all[(now + 1) % all.length]?.deviceId ?? deviceId } };
      }
      // It is being turned already.
      if (device.state === "busy") return;
      facing = side;
      const picked = device.pick(other);
      if (wanted) await show(picked);
    },
    pause(next) {
      if (next === paused) return;
      paused = next;
      if (state !== "on") return;
      if (paused) audioVideo.stopLocalVideoTile();
      else audioVideo.startLocalVideoTile();
    },
    restore() {
      if (!wanted && !taken) return Promise.resolve();
      wanted = true;
      taken = false;
      device.close();
      return show(device.open());
    },
    lost() {
      if (!wanted) return;
      turn++;
      wanted = false;
      taken = true;
      audioVideo.stopLocalVideoTile();
      device.close();
      set("blocked", "busy");
    },
  };
}
