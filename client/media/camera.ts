/** The person's camera in a call. Whether it should be on comes from their {@link Wish}. */
import type { DeviceState } from "../bridge/chime-page.d.ts";
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import { troubleOf } from "./device_error.ts";
import type { Device } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";
import { wantsCamera, type Wish } from "./wish.ts";

/** Called on each change; `trouble` is the reason why a device is blocked. */
export type DeviceReport = (state: DeviceState, trouble?: DeviceError) => void;

/** Controls the camera. Every method is safe to call at any time and repeatedly. */
export interface Camera {
  /** The session has started, so video can be sent. */
  start(): void;
  on(): Promise<void>;
  off(): Promise<void>;
  toggle(): Promise<void>;
  /** Applies a wish that changed elsewhere, for example when the app moved to the background. */
  follow(): Promise<void>;
  /** Switches between the front and back cameras or, on computers, to the next camera. */
  flip(): Promise<void>;
  /** Changes to another camera. One that is off is only chosen. */
  pick(choice: MediaTrackConstraints): Promise<void>;
  /** Pauses sending to save bandwidth. The camera stays open, and the wish does not change. */
  pause(paused: boolean): void;
  /** Reopens the camera and publishes it again, if the person wants to be seen. */
  restore(): Promise<void>;
  /** The device was lost: asks again, so that another one takes over or the reason is known. */
  lost(): Promise<void>;
  /** The system muted the open camera, or unmuted it. */
  muted(muted: boolean): void;
  /** The call is over: a camera that is still opening is not published. */
  end(): void;
}

/** Constraints for the camera after this one. */
async function nextCamera(deviceId: string): Promise<MediaTrackConstraints> {
  const cameras = (await navigator.mediaDevices.enumerateDevices())
    .filter(({ kind }) => kind === "videoinput");
  const current = cameras.findIndex((camera) => camera.deviceId === deviceId);
  return { deviceId: { exact: cameras[(current + 1) % cameras.length]?.deviceId ?? deviceId } };
}

/**
 * Not divided into smaller functions, because all of its methods share the state of the camera.
 * @param audioVideo the session, not yet started
 */
export function createCamera(
  audioVideo: AudioVideo,
  device: Device,
  wish: Wish,
  report: DeviceReport,
): Camera {
  let state: DeviceState = "off";
  // Cameras open slowly. A result counts only if the camera was not switched again in the meantime.
  let generation = 0;
  let running = false;
  let paused = false;
  // Blocked, because the system muted it.
  let silenced = false;
  let facing: "user" | "environment" = "user";
  const setState = (next: DeviceState, trouble?: DeviceError) => {
    state = next;
    silenced = trouble === "muted";
    report(next, trouble);
  };
  const isOn = () => state === "on" || state === "busy";
  const hide = () => {
    generation++;
    audioVideo.stopLocalVideoTile();
    // Stopping the tile alone leaves the camera and its light on.
    device.close();
  };

  async function show(opening: Promise<MediaStream | null>): Promise<void> {
    const mine = ++generation;
    setState("busy");
    const stream = await opening;
    if (mine !== generation) return;
    if (stream === null) return setState("blocked", device.trouble ?? "missing");
    try {
      await audioVideo.startVideoInput(stream);
    } catch (error) {
      if (mine === generation) setState("blocked", troubleOf(error));
      return;
    }
    if (mine !== generation) return;
    if (!paused) audioVideo.startLocalVideoTile();
    setState("on");
  }
  /** The only place that decides whether the person is seen. */
  async function follow(): Promise<void> {
    if (!wantsCamera(wish)) {
      hide();
      setState("off");
      await audioVideo.stopVideoInput();
    } else if (running && !isOn()) await show(device.open());
  }
  async function reopen(): Promise<void> {
    // It may be opening already, with the microphone.
    if (device.state !== "busy") device.close();
    await show(device.open());
  }
  const on = () => {
    wish.camera = true;
    if (wish.use === "sound") wish.use = "video";
    // A page cannot unmute a track, but a new one may have a picture.
    return silenced ? reopen() : follow();
  };
  const off = () => {
    wish.camera = false;
    return follow();
  };
  const pick = async (choice: MediaTrackConstraints) => {
    const open = device.state === "on";
    const picked = device.pick(choice);
    if (running && wantsCamera(wish)) await show(open ? picked : device.open());
  };

  return {
    start() {
      running = true;
      void follow();
    },
    on,
    off,
    toggle: () => isOn() ? off() : on(),
    follow,
    async flip() {
      const { facingMode, deviceId } = device.stream?.getVideoTracks()[0]?.getSettings() ?? {};
      const side = (facingMode ?? facing) === "environment" ? "user" : "environment";
      // Cameras of computers have no facing mode.
      const constraints = deviceId !== undefined && facingMode === undefined
        ? await nextCamera(deviceId)
        : { facingMode: side };
      // Already switching.
      if (device.state === "busy") return;
      facing = side;
      await pick(constraints);
    },
    pick,
    pause(next) {
      if (next === paused) return;
      paused = next;
      if (state !== "on") return;
      if (paused) audioVideo.stopLocalVideoTile();
      else audioVideo.startLocalVideoTile();
    },
    async restore() {
      if (running && wantsCamera(wish)) await reopen();
    },
    async lost() {
      if (!isOn() && !silenced) return;
      hide();
      await reopen();
    },
    muted(muted) {
      if (muted ? state !== "on" : !silenced) return;
      // The others see the initials instead of a black picture.
      if (muted) audioVideo.stopLocalVideoTile();
      else if (!paused) audioVideo.startLocalVideoTile();
      setState(muted ? "blocked" : "on", muted ? "muted" : undefined);
    },
    end() {
      generation++;
      running = false;
    },
  };
}
