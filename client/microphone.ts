/** The own microphone in a running call: muted, heard, or not there. */
import type { DeviceReport } from "./camera.ts";
import { type DeviceTrouble, troubleOf } from "./device_trouble.ts";
import { MICROPHONE } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";

/** Switches the microphone. */
export interface Microphone {
  mute(): void;
  unmute(): Promise<void>;
  toggle(): Promise<void>;
  /** A prompt that was open when the call began has been answered. */
  answered(outcome: "on" | DeviceTrouble): void;
  /** The device went away by itself. */
  lost(): void;
}

/**
 * @param audioVideo the session, before or after its start
 * @param trouble why there is no microphone; `waiting`: the prompt is still open; null: there is one
 */
export function createMicrophone(
  audioVideo: AudioVideo,
  trouble: DeviceTrouble | "waiting" | null,
  report: DeviceReport,
): Microphone {
  const show = () => {
    if (trouble === "waiting") report("busy");
    else if (trouble !== null) report("blocked", trouble);
    else report(audioVideo.realtimeIsLocalAudioMuted() ? "off" : "on");
  };
  // Whoever has no microphone shows as muted to the others.
  const setTrouble = (next: DeviceTrouble | "waiting" | null) => {
    trouble = next;
    if (next === null) audioVideo.realtimeUnmuteLocalAudio();
    else audioVideo.realtimeMuteLocalAudio();
    show();
  };
  // The SDK's word counts, not the button's: muting can also come from the host or from a lost device.
  audioVideo.realtimeSubscribeToMuteAndUnmuteLocalAudio(() => show());
  setTrouble(trouble);

  const mute = () => audioVideo.realtimeMuteLocalAudio();
  async function unmute(): Promise<void> {
    if (trouble === null) {
      audioVideo.realtimeUnmuteLocalAudio();
      return;
    }
    if (trouble === "waiting") return;
    report("busy");
    try {
      await audioVideo.startAudioInput(MICROPHONE);
      setTrouble(null);
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  }
  return {
    mute,
    unmute,
    toggle() {
      if (trouble !== null || audioVideo.realtimeIsLocalAudioMuted()) return unmute();
      mute();
      return Promise.resolve();
    },
    answered: (outcome) => setTrouble(outcome === "on" ? null : outcome),
    lost: () => setTrouble("busy"),
  };
}
