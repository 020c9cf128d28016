/** The microphone and camera of a call, which share the browser's prompt. */
import { createCamera, type DeviceReport } from "../media/camera.ts";
import type { Devices } from "../media/devices.ts";
import type { During } from "../media/guard.ts";
import { createMicrophone } from "../media/microphone.ts";
import { DEVICE_KINDS, type DeviceKind } from "../media/permission.ts";
import { watchTrack } from "../media/track_watch.ts";
import { wantsCamera, type Wish } from "../media/wish.ts";
import type { Session } from "./session.ts";

/** What the devices of a call need of it. */
export interface CallMediaDependencies {
  readonly session: Session;
  readonly devices: Devices;
  readonly wish: Wish;
  readonly events: {
    readonly microphone: DeviceReport;
    readonly camera: DeviceReport;
    held(): void;
    resumed(): void;
  };
}

/** Creates the controls of both devices, and watches whether the system mutes them. */
export function createMedia(
  { events, session, devices, wish }: CallMediaDependencies,
  during: During,
) {
  const av = session.audioVideo;
  const watchMicrophone = watchTrack(devices.microphone, {
    muted: during((muted: boolean) => {
      microphone.muted(muted);
      if (muted) events.held();
      else events.resumed();
    }),
  });
  const watchCamera = watchTrack(devices.camera, {
    muted: during((muted: boolean) => camera.muted(muted)),
  });
  /** Reports a change, and watches the track that the device may have since. */
  const reporting = (report: DeviceReport, watch: () => void) =>
    // A prompt may be answered after the call, when the devices belong to the next one.
    during((...change: Parameters<DeviceReport>) => {
      watch();
      report(...change);
    });
  const microphone = createMicrophone(
    av,
    devices.microphone,
    wish,
    reporting(events.microphone, watchMicrophone),
  );
  const camera = createCamera(av, devices.camera, wish, reporting(events.camera, watchCamera));
  const check = () => {
    watchMicrophone();
    watchCamera();
  };
  const controls = { microphone, camera };
  const wanted = (kind: DeviceKind) => kind === "microphone" ? wish.microphone : wantsCamera(wish);
  /** Opens both devices with one prompt, if both are wanted; each control then uses its own. */
  const openBoth = () => DEVICE_KINDS.every(wanted) && void devices.openBoth();
  return {
    ...controls,
    check,
    /** Before the call starts: opens what is not open, or opening, since the lobby. */
    open() {
      if (DEVICE_KINDS.every((kind) => /off|blocked/.test(devices[kind].state))) openBoth();
    },
    /** Opens devices that could not be used again, if the person wants them. */
    retry(kinds: readonly DeviceKind[]) {
      if (kinds.length > 1) openBoth();
      kinds.filter(wanted).forEach((kind) => void controls[kind].on());
    },
    /** Reopens both and publishes them again. */
    async restore() {
      openBoth();
      await Promise.all([microphone.restore(), camera.restore()]);
    },
  };
}
