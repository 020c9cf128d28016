/** The own camera in a running call. What the person wants is the wish's, never the device's. */
import type { DeviceState } from "../bridge/chime-page.d.ts";
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import { troubleOf } from "./device_error.ts";
import type { Device } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";
import { mayFilm, type Wish } from "./wish.ts";

export type { DeviceState } from "../bridge/chime-page.d.ts";

/** Hears of each change; `trouble` says why a device is blocked. */
export type DeviceReport = (state: DeviceState, trouble?: DeviceError) => void;

/** Switches the camera. Each call is safe at any time, also twice. */
export interface Camera {
  /** The session has started: from now on pictures can be sent. */
  start(): void;
  on(): Promise<void>;
  off(): Promise<void>;
  toggle(): Promise<void>;
  /** The wish was changed elsewhere, e.g. by the app that went to the background. */
  follow(): Promise<void>;
  /** The camera on the other side of the phone; on computers the next one. */
  flip(): Promise<void>;
  /** The picture pauses for want of bandwidth; the camera stays open and the person's choice too. */
  pause(paused: boolean): void;
  /** Opens it afresh and publishes it again, if the person wants to be seen. */
  restore(): Promise<void>;
  /** The device went away by itself: unplugged, or taken by another app. */
  lost(): void;
  /** The call is over: what is still under way is not published any more. */
  end(): void;
}

/** @param audioVideo the session, before its start */
export function createCamera(
  audioVideo: AudioVideo,
  device: Device,
  wish: Wish,
  report: DeviceReport,
): Camera {
  let state: DeviceState = "off";
  // A camera opens slowly: whoever switched it off in the meantime must not be filmed after all, and
  // what an older press comes to says nothing about a newer one.
  let generation = 0;
  let running = false;
  let paused = false;
  let facing: "user" | "environment" = "user";
  const set = (next: DeviceState, trouble?: DeviceError) => {
    state = next;
    report(next, trouble);
  };
  const used = () => state === "on" || state === "busy";
  const hide = () => {
    generation++;
    audioVideo.stopLocalVideoTile();
    // Stopping the tile alone would leave the camera, and its light, on.
    device.close();
  };

  async function show(opening: Promise<MediaStream | null>): Promise<void> {
    const mine = ++generation;
    set("busy");
    const stream = await opening;
    if (mine !== generation) return;
    if (stream === null) return set("blocked", device.trouble ?? "busy");
    try {
      await audioVideo.startVideoInput(stream);
    } catch (error) {
      if (mine === generation) set("blocked", troubleOf(error));
      return;
    }
    if (mine !== generation) return;
    if (!paused) audioVideo.startLocalVideoTile();
    set("on");
  }
  /** The one place that decides whether the person is seen. */
  async function follow(): Promise<void> {
    if (!mayFilm(wish)) {
      hide();
      set("off");
      await audioVideo.stopVideoInput();
    } else if (running && !used()) await show(device.open());
  }
  const on = () => {
    wish.camera = true;
    if (wish.use === "sound") wish.use = "video";
    return follow();
  };
  const off = () => {
    wish.camera = false;
    return follow();
  };

  return {
    start() {
      running = true;
      void follow();
    },
    on,
    off,
    toggle: () => used() ? off() : on(),
    follow,
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
      const open = running && device.state === "on";
      const picked = device.pick(other);
      if (open) await show(picked);
    },
    pause(next) {
      if (next === paused) return;
      paused = next;
      if (state !== "on") return;
      if (paused) audioVideo.stopLocalVideoTile();
      else audioVideo.startLocalVideoTile();
    },
    async restore() {
      if (!running || !mayFilm(wish)) return;
      device.close();
      await show(device.open());
    },
    lost() {
      if (!used()) return;
      hide();
      set("blocked", "busy");
    },
    end() {
      generation++;
      running = false;
    },
  };
}
