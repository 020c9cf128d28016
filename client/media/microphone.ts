/** The own microphone in a running call. What the person wants is the wish's, never the device's. */
import type { DeviceReport } from "./camera.ts";
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import { troubleOf } from "./device_error.ts";
import type { Device } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";
import type { Wish } from "./wish.ts";

/** Switches the microphone. Each call is safe at any time, also twice. */
export interface Microphone {
  /** Publishes the device, if the person wants to be heard; waits for an unanswered prompt. */
  start(): Promise<void>;
  on(): Promise<void>;
  off(): void;
  toggle(): void;
  /** Opens it afresh and publishes it again, after the system had taken the sound away. */
  restore(): Promise<void>;
  /** The device went away by itself. */
  lost(): void;
  /** The call is over: what is still under way is not published any more. */
  end(): void;
}

/** What stands between the person and being heard; null: nothing, their sound is published. */
type Obstacle = DeviceError | "opening" | "closed" | null;

/** @param audioVideo the session, before its start */
export function createMicrophone(
  audioVideo: AudioVideo,
  device: Device,
  wish: Pick<Wish, "microphone">,
  report: DeviceReport,
): Microphone {
  let obstacle: Obstacle = "closed";
  // An older opening says nothing about a newer one.
  let generation = 0;

  const enable = (on: boolean) =>
    device.stream?.getAudioTracks().forEach((track) => track.enabled = on);
  /** The one place that decides whether the person is heard. */
  function decide(): void {
    const { microphone: wanted } = wish;
    // What the SDK forbids is wanted no longer, or a later moment would fulfil it unasked.
    if (wanted && obstacle === null && audioVideo.realtimeUnmuteLocalAudio() === false) {
      wish.microphone = false;
    }
    const heard = wish.microphone && obstacle === null;
    enable(heard);
    // Whoever has no microphone shows as muted to the others.
    if (!heard) audioVideo.realtimeMuteLocalAudio();
    if (!wish.microphone || obstacle === "closed") report("off");
    else if (obstacle === null) report("on");
    else if (obstacle === "opening") report("busy");
    else report("blocked", obstacle);
  }
  async function publish(): Promise<void> {
    const mine = ++generation;
    obstacle = "opening";
    decide();
    const stream = await device.open();
    if (mine !== generation) return;
    let next: Obstacle = null;
    if (stream === null) next = device.trouble ?? "closed";
    else {
      // The SDK does not mute a stream that it is handed while the person is muted.
      enable(false);
      try {
        await audioVideo.startAudioInput(stream);
      } catch (error) {
        next = troubleOf(error);
      }
      if (mine !== generation) return;
    }
    obstacle = next;
    decide();
  }
  const usable = () => obstacle === null || obstacle === "opening";
  const off = () => {
    wish.microphone = false;
    decide();
  };
  const on = () => {
    wish.microphone = true;
    if (!usable()) return publish();
    decide();
    return Promise.resolve();
  };
  return {
    start() {
      if (wish.microphone) return publish();
      decide();
      return Promise.resolve();
    },
    on,
    off,
    toggle: () => wish.microphone && usable() ? off() : void on(),
    restore() {
      // Who came in without a microphone does not get one by this.
      if (obstacle === "closed") return Promise.resolve();
      device.close();
      return publish();
    },
    lost() {
      if (obstacle === "closed") return;
      generation++;
      device.close();
      obstacle = "busy";
      decide();
    },
    end: () => void generation++,
  };
}
