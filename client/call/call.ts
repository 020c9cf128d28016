/**
 * One call, from opening the devices to releasing them. The SDK dictates the order: microphone,
 * observers and subscriptions, audio output, start, then the camera once the session has started.
 */
import type { AudioVideoObserver, MeetingSessionStatus } from "amazon-chime-sdk-js";
import type { Camera, DeviceReport } from "../media/camera.ts";
import type { Devices } from "../media/devices.ts";
import { type During, errorName, guarded } from "../media/guard.ts";
import type { DeviceKind } from "../media/permission.ts";
import type { Microphone } from "../media/microphone.ts";
import {
  monitorNetwork,
  type NetworkDependencies,
  type NetworkEvents,
} from "../network/monitor.ts";
import { createMedia } from "./call_media.ts";
import { type PictureEvents, watchPictures } from "./freeze_watch.ts";
import { replaceLostDevices } from "./lost_devices.ts";
import { followRoster, type RosterEvents } from "./roster.ts";
import type { AudioVideo, Sdk, TileState } from "../media/sdk.ts";
import type { Session } from "./session.ts";
import { meaningOf, type StopMeaning } from "./stop_reason.ts";
import { wantsCamera, type Wish } from "../media/wish.ts";

/** Events of a call. */
export interface CallEvents {
  /** The session is running: for the first time, or again after the SDK reconnected. */
  started(): void;
  reconnecting(): void;
  /** The last event, sent exactly once. `name` is an SDK status, an error name or `Unknown`. */
  stopped(name: string, meaning: StopMeaning): void;
  readonly microphone: DeviceReport;
  readonly camera: DeviceReport;
  readonly roster: RosterEvents;
  readonly network: NetworkEvents;
  readonly pictures: PictureEvents;
  /** A lost microphone or camera was replaced by another one; `label` may be empty. */
  replaced(kind: "microphone" | "camera", label: string): void;
  /** The audio was interrupted: by a phone call, or because another app took the microphone. */
  held(): void;
  /** The interruption is over. */
  resumed(): void;
  tileUpdated(audioVideo: AudioVideo, tile: TileState): void;
  tileRemoved(tileId: number): void;
  /**
   * The session is created but not started: subscribe to anything else here. Wrap each callback in
   * `during`, so that it runs only during this call and never throws.
   */
  opened(audioVideo: AudioVideo, sdk: Sdk, selfAttendeeId: string, during: During): void;
  /** One of our callbacks threw an error with this name; the call continues. */
  fault(name: string): void;
}

export interface CallDependencies {
  readonly sdk: Sdk;
  readonly session: Session;
  readonly devices: Devices;
  /** The person's choices, updated when they use the controls of the call. */
  readonly wish: Wish;
  readonly limits: NetworkDependencies["limits"];
  readonly audio: HTMLAudioElement;
  readonly events: CallEvents;
  /** How long an unanswered microphone prompt may delay the start of the call. */
  readonly promptTimeoutMs: number;
}

/** A call that is starting or running. */
export interface Call {
  readonly audioVideo: AudioVideo;
  readonly microphone: Microphone;
  readonly camera: Camera;
  /** Checks whether the system muted a device, for example after sleep. */
  check(): void;
  /** Opens devices that could not be used again, if the person wants them. */
  retry(kinds: readonly DeviceKind[]): void;
  /** Reopens the microphone and camera and publishes both again. */
  restore(): Promise<void>;
  /** @param immediately release the devices now, because the next call needs them */
  leave(immediately?: boolean): void;
}

// stop() is confirmed immediately or, without a network, never.
const STOP_TIMEOUT_MS = 2_000;

/** Shared by the functions of one call. */
interface Running {
  readonly dependencies: CallDependencies;
  readonly microphone: Microphone;
  readonly camera: Camera;
  readonly check: () => void;
  readonly during: During;
  readonly fault: (error: unknown) => void;
}

/**
 * Subscribes to the network, the roster, the pictures, lost devices and whatever `opened` adds.
 * @returns a function that ends what the session does not end by itself
 */
function subscribe({ dependencies, microphone, camera, during, fault }: Running): () => void {
  const { events, sdk, session, devices, limits } = dependencies;
  const av = session.audioVideo;
  const network = monitorNetwork({
    session,
    camera,
    stream: () => devices.camera.stream,
    limits,
    events: events.network,
    // Show a lost network right away; the session itself may survive it.
    silent: (silent) => silent ? events.reconnecting() : events.started(),
    othersSilent: (id, silent) => people.silent(id, silent),
    during,
    fault,
  });
  const roster: RosterEvents = {
    ...events.roster,
    joined(id, externalUserId) {
      network.joined(id);
      events.roster.joined(id, externalUserId);
    },
    left(id, dropped) {
      network.left(id);
      events.roster.left(id, dropped);
    },
  };
  const people = followRoster(av, session.self, roster, during, network.heard);
  av.addObserver({
    audioVideoDidStartConnecting: during((reconnecting) => {
      if (reconnecting) people.reconnecting();
    }),
  });
  watchPictures(session, events.pictures, during);
  guarded(events.opened, fault)(av, sdk, session.self, during);
  return replaceLostDevices({ ...dependencies, microphone, camera, during, fault });
}

/** Releases everything, in the order the SDK requires. */
async function release({ dependencies, microphone, camera, check }: Running): Promise<void> {
  const { devices, session } = dependencies;
  microphone.end();
  camera.end();
  devices.close();
  // Browsers keep the last tracks, which would keep the session as long as they are watched.
  check();
  session.audioVideo.unbindAudioElement();
  await session.audioVideo.stopVideoInput();
  await session.audioVideo.stopAudioInput();
  await session.close();
}

/** Starts a call. Progress and failures are reported through `events`. */
export function startCall(dependencies: CallDependencies): Call {
  const { events, sdk, session, wish } = dependencies;
  const av = session.audioVideo;
  let begun = false;
  let started = false;
  let finished = false;
  let leaving = false;
  let unsubscribe = () => {};
  const fault = (error: unknown) => events.fault(errorName(error));
  const during: During = (callback) =>
    guarded((...values) => finished || callback(...values), fault);
  const media = createMedia(dependencies, during);
  const { microphone, camera, check } = media;
  const running: Running = { dependencies, microphone, camera, check, during, fault };

  function finish(name: string): void {
    if (finished) return;
    finished = true;
    unsubscribe();
    release(running).catch(fault);
    events.stopped(name, meaningOf(name, started));
  }
  const observer: AudioVideoObserver = {
    audioVideoDidStartConnecting: during((reconnecting: boolean) => {
      if (reconnecting) events.reconnecting();
    }),
    audioVideoDidStart: during(() => {
      const first = !started;
      started = true;
      events.started();
      if (first) camera.start();
    }),
    audioVideoDidStop: guarded((status: MeetingSessionStatus) => {
      // Leaving while connecting makes the SDK report a failure.
      finish(leaving ? "Left" : sdk.MeetingSessionStatusCode[status.statusCode()] ?? "Unknown");
    }, fault),
    videoTileDidUpdate: during((tile: TileState) => events.tileUpdated(av, tile)),
    videoTileWasRemoved: during(events.tileRemoved),
  };
  async function begin(): Promise<void> {
    media.open();
    // Report a camera that stays off right away.
    if (!wantsCamera(wish)) void camera.follow();
    // Publish the microphone before the start, so that the first words are heard.
    await Promise.race([
      microphone.start(),
      new Promise((done) => setTimeout(done, dependencies.promptTimeoutMs)),
    ]);
    if (finished) return;
    av.addObserver(observer);
    unsubscribe = subscribe(running);
    await av.bindAudioElement(dependencies.audio);
    if (finished) return;
    begun = true;
    av.start();
  }

  begin().catch((error) => finish(errorName(error)));
  return {
    audioVideo: av,
    microphone,
    camera,
    check,
    retry: during(media.retry),
    async restore() {
      await media.restore();
      if (!finished) events.resumed();
    },
    leave(immediately) {
      if (finished) return;
      leaving = true;
      if (begun) av.stop();
      if (immediately || !begun) return finish("Left");
      setTimeout(() => finish("Left"), STOP_TIMEOUT_MS);
    },
  };
}
