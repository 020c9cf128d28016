/** Replaces a microphone or camera that ends during a call: unplugged, revoked or taken. */
import type { Devices } from "../media/devices.ts";
import type { During } from "../media/guard.ts";
import type { DeviceKind } from "../media/permission.ts";
import type { Wish } from "../media/wish.ts";
import type { Session } from "./session.ts";

/** A call and its controls of the devices. */
export interface LostDeviceDependencies {
  readonly session: Pick<Session, "audioVideo">;
  readonly devices: Devices;
  readonly wish: Pick<Wish, "microphone">;
  readonly microphone: { lost(): Promise<void> };
  readonly camera: { lost(): Promise<void> };
  readonly events: {
    replaced(kind: DeviceKind, label: string): void;
    held(): void;
  };
  readonly during: During;
  readonly fault: (error: unknown) => void;
}

/**
 * Starts watching. The SDK reports each device whose track ended.
 * @returns a function that stops watching. With an observer left, the device controller listens to
 * the browser's device changes even after it is destroyed, and stays in memory with its session.
 */
export function replaceLostDevices(dependencies: LostDeviceDependencies): () => void {
  const { session, devices, wish, events, during, fault } = dependencies;
  const trackOf = (kind: DeviceKind) => devices[kind].stream?.getTracks()[0];
  const replace = async (kind: DeviceKind) => {
    const before = trackOf(kind)?.getSettings().deviceId;
    await dependencies[kind].lost();
    during(() => {
      const track = trackOf(kind);
      if (track && track.getSettings().deviceId !== before) events.replaced(kind, track.label);
      // Another app has it, as during a phone call: a tap takes it back afterwards.
      const taken = kind === "microphone" && devices.microphone.trouble === "busy";
      if (taken && wish.microphone) events.held();
    })();
  };
  const lost = (kind: DeviceKind) => during(() => void replace(kind).catch(fault));
  const observer = {
    audioInputStreamEnded: lost("microphone"),
    videoInputStreamEnded: lost("camera"),
  };
  session.audioVideo.addDeviceChangeObserver(observer);
  return () => session.audioVideo.removeDeviceChangeObserver(observer);
}
