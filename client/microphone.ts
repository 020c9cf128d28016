/** The own microphone in a running call: muted, heard, or not there. */
import type { DeviceReport } from "./camera.ts";
import type { DeviceTrouble } from "./device_trouble.ts";
import type { Device } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";

/** Switches the microphone. */
export interface Microphone {
  mute(): void;
  unmute(): Promise<void>;
  toggle(): Promise<void>;
  /** Opens it afresh and publishes it again, after the system had taken the sound away. */
  restore(): Promise<void>;
  /** The device went away by itself. */
  lost(): void;
}

/** @param audioVideo the session, before or after its start */
export function createMicrophone(
  audioVideo: AudioVideo,
  device: Device,
  report: DeviceReport,
): Microphone {
  // `none`: switched off before the call; nothing stands in its way, but nothing is open either.
  let missing: DeviceTrouble | "waiting" | "none" | null = null;
  const show = () => {
    if (missing === "waiting") report("busy");
    else if (missing === null || missing === "none") {
      report(audioVideo.realtimeIsLocalAudioMuted() ? "off" : "on");
    } else report("blocked", missing);
  };
  // Whoever has no microphone shows as muted to the others.
  const set = (next: typeof missing) => {
    missing = next;
    if (next === null) audioVideo.realtimeUnmuteLocalAudio();
    else audioVideo.realtimeMuteLocalAudio();
    show();
  };
  // The SDK's word counts, not the button's: muting can also come from the host or from a lost device.
  audioVideo.realtimeSubscribeToMuteAndUnmuteLocalAudio(() => show());

  /** Waits for the device, also for a prompt that is open already, and publishes it. */
  async function publish(): Promise<void> {
    set("waiting");
    const stream = await device.open();
    if (stream !== null) await audioVideo.startAudioInput(stream);
    set(stream === null ? device.trouble ?? "none" : null);
  }
  if (device.state === "busy") void publish();
  else set(device.state === "on" ? null : device.trouble ?? "none");

  const mute = () => audioVideo.realtimeMuteLocalAudio();
  function unmute(): Promise<void> {
    if (missing === "waiting") return Promise.resolve();
    if (missing !== null) return publish();
    audioVideo.realtimeUnmuteLocalAudio();
    return Promise.resolve();
  }
  return {
    mute,
    unmute,
    toggle() {
      if (missing !== null || audioVideo.realtimeIsLocalAudioMuted()) return unmute();
      mute();
      return Promise.resolve();
    },
    async restore() {
      const muted = missing === null && audioVideo.realtimeIsLocalAudioMuted();
      device.close();
      await publish();
      if (muted) mute();
    },
    lost() {
      device.close();
      set("busy");
    },
  };
}
