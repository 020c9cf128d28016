/**
 * Microphone and camera of the person, from the lobby to the end of the call. The page opens each
 * by itself and hands its stream to the SDK: so each is opened once, and an unanswered prompt never
 * blocks the SDK's queue. A device that is refused, missing or in use elsewhere keeps nobody out.
 */
import type { DeviceState } from "../bridge/chime-page.d.ts";
import type { DeviceError } from "../../supabase/functions/chime-page/contract/device_errors.ts";
import { troubleOf } from "./device_error.ts";

/** What a stream is asked for with. */
export type Constraints = MediaTrackConstraints;

// Constraints instead of a device id: ids and labels are empty in some web views before permission.
const WANTED: Readonly<Record<"audio" | "video", Constraints>> = {
  // Made for speech.
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  // 360p: what a face needs and a mobile contract can bear.
  video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 20, max: 30 } },
};

/** One device, whoever uses its stream. */
export interface Device {
  readonly state: DeviceState;
  readonly trouble: DeviceError | undefined;
  /** The open stream; its tracks may have ended by themselves. */
  readonly stream: MediaStream | null;
  /** Opens the device, unless it is open or its prompt is still there; null: see `trouble`. */
  open(): Promise<MediaStream | null>;
  /** Another one of its kind, from now on; opens it if one is open. */
  pick(choice: Constraints): Promise<MediaStream | null>;
  /** Lets go of it, also of one that is granted later. */
  close(): void;
  /** Takes part in a prompt for several devices at once. */
  adopt(opening: Promise<MediaStream>): Promise<MediaStream | null>;
}

/** Opens streams; the browser's own, or a test's. */
export type OpenStream = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

const live = (stream: MediaStream | null) =>
  stream?.getTracks().some(({ readyState }) => readyState === "live") === true;

/** @param changed hears of every change of state */
export function createDevice(
  kind: "audio" | "video",
  openStream: OpenStream,
  changed: () => void,
): Device {
  let chosen: Constraints = kind === "video" ? { facingMode: "user" } : {};
  let state: DeviceState = "off";
  let trouble: DeviceError | undefined;
  let stream: MediaStream | null = null;
  let opening: Promise<MediaStream | null> | null = null;
  const set = (next: DeviceState, why?: DeviceError) => {
    [state, trouble] = [next, why];
    changed();
  };
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  };
  function adopt(asked: Promise<MediaStream>): Promise<MediaStream | null> {
    const mine: Promise<MediaStream | null> = asked.then((opened) => {
      const tracks = kind === "audio" ? opened.getAudioTracks() : opened.getVideoTracks();
      // Closed meanwhile, or asked anew: nobody may be heard or filmed after all.
      if (opening !== mine) {
        tracks.forEach((track) => track.stop());
        return stream;
      }
      opening = null;
      stream = new MediaStream(tracks);
      set("on");
      return stream;
    }, (error) => {
      if (opening === mine) {
        opening = null;
        set("blocked", troubleOf(error));
      }
      return null;
    });
    opening = mine;
    set("busy");
    return mine;
  }
  function open(): Promise<MediaStream | null> {
    if (opening !== null) return opening;
    if (live(stream)) return Promise.resolve(stream);
    stop();
    const ask = (choice: Constraints) => openStream({ [kind]: { ...WANTED[kind], ...choice } });
    // Where there is no `mediaDevices` at all, the call throws: also a refusal.
    return adopt(
      Promise.resolve().then(() => ask(chosen)).catch((error) => {
        // The one that was picked is gone, like a headset that was unplugged: then any other.
        if (troubleOf(error) !== "missing") throw error;
        return ask({});
      }),
    );
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
    open,
    adopt,
    pick(choice) {
      chosen = choice;
      if (state !== "on") return Promise.resolve(null);
      // Phones cannot open a second camera beside the first.
      stop();
      return open();
    },
    close() {
      opening = null;
      stop();
      if (state !== "off") set("off");
    },
  };
}

/** The person's two devices. */
export interface Devices {
  readonly microphone: Device;
  readonly camera: Device;
  /** Opens both by one prompt; where that fails, one after the other, to learn which is in the way. */
  openBoth(): Promise<void>;
  close(): void;
}

/** @param changed hears of every change of either */
export function createDevices(openStream: OpenStream, changed: () => void): Devices {
  const microphone = createDevice("audio", openStream, changed);
  const camera = createDevice("video", openStream, changed);
  return {
    microphone,
    camera,
    async openBoth() {
      const video = { ...WANTED.video, facingMode: "user" };
      const both = Promise.resolve().then(() => openStream({ audio: WANTED.audio, video }));
      const one = (kind: "audio" | "video", first: Promise<unknown>) =>
        both.catch(() =>
          first.then(() => openStream({ [kind]: kind === "audio" ? WANTED.audio : video }))
        );
      const heard = microphone.adopt(one("audio", Promise.resolve()));
      await camera.adopt(one("video", heard));
    },
    close() {
      microphone.close();
      camera.close();
    },
  };
}
