/** The person's microphone in a call. Whether it should be on comes from their {@link Wish}. */
import type { DeviceReport } from "./camera.ts";
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import { troubleOf } from "./device_error.ts";
import type { Device } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";
import type { Wish } from "./wish.ts";

/** Controls the microphone. Every method is safe to call at any time and repeatedly. */
export interface Microphone {
  /** Publishes the microphone, if the person wants to be heard. Waits for an unanswered prompt. */
  start(): Promise<void>;
  on(): Promise<void>;
  off(): void;
  toggle(): void;
  /** Changes to another microphone. One that is closed is only chosen. */
  pick(choice: MediaTrackConstraints): Promise<void>;
  /** Reopens the microphone and publishes it again, after an interruption. */
  restore(): Promise<void>;
  /** The device was lost: asks again, so that another one takes over or the reason is known. */
  lost(): Promise<void>;
  /** The system muted the open microphone, or unmuted it. */
  muted(muted: boolean): void;
  /** The call is over: a microphone that is still opening is not published. */
  end(): void;
}

/** Why the microphone is not published; null if it is. */
type Obstacle = DeviceError | "opening" | "closed" | null;

function stateOf(wanted: boolean, obstacle: Obstacle): Parameters<DeviceReport> {
  if (!wanted || obstacle === "closed") return ["off"];
  if (obstacle === null) return ["on"];
  return obstacle === "opening" ? ["busy"] : ["blocked", obstacle];
}

/** @param audioVideo the session, not yet started */
export function createMicrophone(
  audioVideo: AudioVideo,
  device: Device,
  wish: Pick<Wish, "microphone">,
  report: DeviceReport,
): Microphone {
  let obstacle: Obstacle = "closed";
  // The result of an older attempt is ignored.
  let generation = 0;

  const enableTracks = (on: boolean) =>
    device.stream?.getAudioTracks().forEach((track) => track.enabled = on);
  /** The only place that decides whether the person is heard. */
  function apply(): void {
    const { microphone: wanted } = wish;
    // If the SDK refuses to unmute, drop the wish. Otherwise it would unmute later without a tap.
    if (wanted && obstacle === null && audioVideo.realtimeUnmuteLocalAudio() === false) {
      wish.microphone = false;
    }
    const audible = wish.microphone && obstacle === null;
    enableTracks(audible);
    // Without a microphone, the person appears muted to others.
    if (!audible) audioVideo.realtimeMuteLocalAudio();
    report(...stateOf(wish.microphone, obstacle));
  }
  async function publish(): Promise<void> {
    const mine = ++generation;
    obstacle = "opening";
    apply();
    const stream = await device.open();
    if (mine !== generation) return;
    let next: Obstacle = null;
    if (stream === null) next = device.trouble ?? "closed";
    else {
      // The SDK does not mute a new stream while the person is muted.
      enableTracks(false);
      try {
        await audioVideo.startAudioInput(stream);
      } catch (error) {
        next = troubleOf(error);
      }
      if (mine !== generation) return;
    }
    obstacle = next;
    apply();
  }
  async function restore(): Promise<void> {
    // A microphone that was never opened stays closed.
    if (obstacle === "closed") return;
    // It may be opening already, with the camera.
    if (device.state !== "busy") device.close();
    await publish();
  }
  const isUsable = () => obstacle === null || obstacle === "opening";
  const off = () => {
    wish.microphone = false;
    apply();
  };
  const on = async () => {
    wish.microphone = true;
    if (isUsable()) apply();
    // A page cannot unmute a track, but a new one may be audible.
    else if (obstacle === "muted") await restore();
    else await publish();
  };
  return {
    async start() {
      if (wish.microphone) await publish();
      else apply();
    },
    on,
    off,
    toggle: () => wish.microphone && isUsable() ? off() : void on(),
    async pick(choice) {
      void device.pick(choice);
      if (obstacle !== "closed") await publish();
    },
    restore,
    lost: restore,
    muted(muted) {
      if (obstacle !== (muted ? null : "muted")) return;
      obstacle = muted ? "muted" : null;
      apply();
    },
    end: () => void generation++,
  };
}
