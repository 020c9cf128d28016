/**
 * Microphone and camera. The SDK opens each exactly once; a device that is refused, missing or in
 * use elsewhere never keeps anybody out of the call.
 */
import type { DefaultDeviceController, Logger } from "amazon-chime-sdk-js";
import { type DeviceTrouble, troubleOf } from "./device_trouble.ts";
import type { Sdk } from "./sdk.ts";

// Constraints instead of a device id: ids and labels are empty in some web views before permission,
// and asking for the list would open both devices only to read their labels.
/** The default microphone, made for speech. */
export const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** The camera towards the person: 360p, which a face needs and a mobile contract can bear. */
export const CAMERA: MediaTrackConstraints = {
  facingMode: "user",
  width: { ideal: 640 },
  height: { ideal: 360 },
  frameRate: { ideal: 20, max: 30 },
};

/** A microphone on its way into a session. */
export interface OpenedMicrophone {
  /** For the meeting session. */
  readonly controller: DefaultDeviceController;
  /** `waiting`: the permission prompt is still unanswered. */
  readonly state: "on" | "waiting" | DeviceTrouble;
  /** With `waiting`: what the prompt came to. A stream is put into `controller` by then. */
  readonly late: Promise<"on" | DeviceTrouble> | null;
  /** Lets go of everything, also of a device that is granted later. */
  release(): Promise<void>;
}

function createController(sdk: Sdk, logger: Logger): DefaultDeviceController {
  const controller = new sdk.DefaultDeviceController(logger);
  // Never open devices just to read labels.
  controller.setDeviceLabelTrigger(() => Promise.resolve(new MediaStream()));
  return controller;
}

/**
 * Opens the default microphone. After `patienceMs` without an answer to the prompt the call goes on
 * without it: a prompt that hangs would otherwise block the session, whose device queue it occupies,
 * so the session then gets a controller of its own.
 */
export async function openMicrophone(
  sdk: Sdk,
  logger: Logger,
  patienceMs: number,
): Promise<OpenedMicrophone> {
  const first = createController(sdk, logger);
  const opening = first.startAudioInput(MICROPHONE);
  const outcome = opening.then(() => "on" as const, troubleOf);
  const patience = new Promise<"waiting">((done) => setTimeout(() => done("waiting"), patienceMs));
  const state = await Promise.race([outcome, patience]);
  if (state !== "waiting") {
    return { controller: first, state, late: null, release: () => first.destroy() };
  }
  const second = createController(sdk, logger);
  let released = false;
  const late = opening.then(async (stream) => {
    if (!released && stream !== undefined) await second.startAudioInput(stream);
    return "on" as const;
  }).catch(troubleOf);
  return {
    controller: second,
    state,
    late,
    async release() {
      released = true;
      // The first controller's queue may wait for the prompt: nobody waits for that.
      first.destroy().catch(() => undefined);
      await second.destroy();
    },
  };
}
