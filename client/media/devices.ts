/**
 * The person's microphone and camera, from the lobby to the end of the call. The page opens the
 * devices and passes their streams to the SDK. Each device is therefore opened only once, and an
 * unanswered prompt never blocks the SDK's queue. People can join without a working device.
 */
import type { DeviceState } from "../bridge/chime-page.d.ts";
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import { troubleOf } from "./device_error.ts";

// No device ids: before permission, some web views return empty ids and labels.
const DEFAULTS: Readonly<Record<"audio" | "video", MediaTrackConstraints>> = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  // 360p shows a face clearly and is affordable on mobile data.
  video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 20, max: 30 } },
};

/** A microphone or camera. */
export interface Device {
  readonly state: DeviceState;
  readonly trouble: DeviceError | undefined;
  /** The open stream; its tracks may have ended. */
  readonly stream: MediaStream | null;
  /** What to ask the browser for. */
  readonly constraints: MediaTrackConstraints;
  /** Opens the device, unless it is open or opening. Returns null on failure: see `trouble`. */
  open(): Promise<MediaStream | null>;
  /** Selects another device; opens it if one is open. */
  pick(choice: MediaTrackConstraints): Promise<MediaStream | null>;
  /** Closes the device, also if it is still opening. */
  close(): void;
  /** The browser or the system muted or unmuted the open device. */
  muted(muted: boolean): void;
  /** Opens with a stream of both devices or, if that fails, after the other one is done. */
  share(both: Promise<MediaStream>, other?: Promise<unknown>): Promise<MediaStream | null>;
}

/** `getUserMedia`, or a test's. */
export type OpenStream = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

const isLive = (stream: MediaStream | null) =>
  stream?.getTracks().some(({ readyState }) => readyState === "live") === true;

/** Opens the chosen device or, if it is gone, such as an unplugged headset, any other. */
function requestStream(
  kind: "audio" | "video",
  openStream: OpenStream,
  chosen: MediaTrackConstraints,
): Promise<MediaStream> {
  const request = (choice: MediaTrackConstraints) =>
    openStream({ [kind]: { ...DEFAULTS[kind], ...choice } });
  // Without `mediaDevices`, openStream throws synchronously.
  return Promise.resolve().then(() => request(chosen)).catch((error) => {
    if (troubleOf(error) !== "missing") throw error;
    return request({});
  });
}

/** @param changed called on every change of state */
export function createDevice(
  kind: "audio" | "video",
  openStream: OpenStream,
  changed: () => void,
): Device {
  let chosen: MediaTrackConstraints = kind === "video" ? { facingMode: "user" } : {};
  let state: DeviceState = "off";
  let trouble: DeviceError | undefined;
  let stream: MediaStream | null = null;
  let opening: Promise<MediaStream | null> | null = null;
  const setState = (next: DeviceState, reason?: DeviceError) => {
    [state, trouble] = [next, reason];
    changed();
  };
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  };
  function adopt(requested: Promise<MediaStream>): Promise<MediaStream | null> {
    const mine: Promise<MediaStream | null> = requested.then((opened) => {
      const tracks = kind === "audio" ? opened.getAudioTracks() : opened.getVideoTracks();
      // The device was closed or requested again in the meantime.
      if (opening !== mine) {
        tracks.forEach((track) => track.stop());
        return stream;
      }
      opening = null;
      stream = new MediaStream(tracks);
      setState("on");
      return stream;
    }, (error) => {
      if (opening === mine) {
        opening = null;
        setState("blocked", troubleOf(error));
      }
      return null;
    });
    stop();
    opening = mine;
    setState("busy");
    return mine;
  }
  function open(): Promise<MediaStream | null> {
    if (opening !== null) return opening;
    // A page cannot unmute a track, but a new one may work.
    if (isLive(stream) && trouble !== "muted") return Promise.resolve(stream);
    return adopt(requestStream(kind, openStream, chosen));
  }
  return {
    get state() {
      return state;
    },
    get trouble() {
      return trouble;
    },
    get stream() {
      return stream;
    },
    get constraints() {
      return { ...DEFAULTS[kind], ...chosen };
    },
    open,
    share: (both, other) =>
      adopt(both.catch(async () => {
        await other;
        return requestStream(kind, openStream, chosen);
      })),
    muted: (muted) => muted ? setState("blocked", "muted") : setState("on"),
    pick(choice) {
      chosen = choice;
      if (state !== "on") return Promise.resolve(null);
      // Phones cannot open two cameras at once.
      stop();
      return open();
    },
    close() {
      opening = null;
      stop();
      if (state !== "off") setState("off");
    },
  };
}

/** The person's microphone and camera. */
export interface Devices {
  readonly microphone: Device;
  readonly camera: Device;
  /** Opens both with one prompt or, if that fails, one after the other to find out which failed. */
  openBoth(): Promise<void>;
  close(): void;
}

/** @param changed called on every change of either device */
export function createDevices(openStream: OpenStream, changed: () => void): Devices {
  const microphone = createDevice("audio", openStream, changed);
  const camera = createDevice("video", openStream, changed);
  return {
    microphone,
    camera,
    async openBoth() {
      const { constraints: audio } = microphone;
      const { constraints: video } = camera;
      const both = Promise.resolve().then(() => openStream({ audio, video }));
      await camera.share(both, microphone.share(both));
    },
    close() {
      microphone.close();
      camera.close();
    },
  };
}
