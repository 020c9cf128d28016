/**
 * One session with Chime, from the first device to the last. The order is the SDK's: session,
 * observers and subscriptions, microphone, sound, start, and the camera once it has started.
 */
import type { AudioVideoObserver, MeetingSessionStatus } from "amazon-chime-sdk-js";
import { type Camera, createCamera, type DeviceReport } from "../media/camera.ts";
import type { Devices } from "../media/devices.ts";
import { type During, errorName, guarded } from "../media/guard.ts";
import { createHold } from "../media/interruption.ts";
import { createMicrophone, type Microphone } from "../media/microphone.ts";
import { followNetwork, type NetworkDependencies, type NetworkEvents } from "../network/monitor.ts";
import { followRoster, type RosterEvents } from "./roster.ts";
import type { AudioVideo, Sdk, TileState } from "../media/sdk.ts";
import type { Session } from "./session.ts";
import { meaningOf, type StopMeaning } from "./stop_reason.ts";
import { mayFilm, type Wish } from "../media/wish.ts";

/** What a call tells the page. */
export interface CallEvents {
  /** The session runs: for the first time, or again after the SDK reconnected by itself. */
  started(): void;
  reconnecting(): void;
  /** Exactly once, and the last thing heard. `name` is the SDK's status name, or one of ours. */
  stopped(name: string, meaning: StopMeaning): void;
  readonly microphone: DeviceReport;
  readonly camera: DeviceReport;
  readonly roster: RosterEvents;
  readonly network: NetworkEvents;
  /** The system took the sound: a phone call, or the microphone went away. */
  held(): void;
  /** And gave it back by itself. */
  resumed(): void;
  tileUpdated(audioVideo: AudioVideo, tile: TileState): void;
  tileRemoved(tileId: number): void;
  /**
   * The session is made and not yet started: the place to subscribe to anything further. `during`
   * wraps each callback: it is called while this call runs, and never throws.
   */
  opened(audioVideo: AudioVideo, sdk: Sdk, selfAttendeeId: string, during: During): void;
  /** A callback of ours threw; the call goes on. */
  fault(name: string): void;
}

/** What a call needs. */
export interface CallDependencies {
  readonly sdk: Sdk;
  readonly session: Session;
  readonly devices: Devices;
  /** What the person wants; changed here by their own choices in the call. */
  readonly wish: Wish;
  readonly limits: NetworkDependencies["limits"];
  readonly audio: HTMLAudioElement;
  readonly events: CallEvents;
  /** How long an unanswered microphone prompt may hold the call up. */
  readonly promptPatienceMs: number;
}

/** A call that is being made or held. */
export interface Call {
  readonly microphone: Microphone;
  readonly camera: Camera;
  /** Looks whether the sound is still the page's, e.g. after sleep. */
  check(): void;
  /** Opens microphone and camera afresh and publishes both again. */
  restore(): Promise<void>;
  /** @param atOnce the devices are wanted elsewhere: by the next call */
  leave(atOnce?: boolean): void;
}

// The session answers stop() at once or, without a network, never.
const STOP_PATIENCE_MS = 2_000;

/** What the parts of one call share. */
interface Running {
  readonly dependencies: CallDependencies;
  readonly microphone: Microphone;
  readonly camera: Camera;
  readonly during: During;
  readonly fault: (error: unknown) => void;
}

/** Network, roster, the page's own subscriptions, and devices that go away. */
function subscribe({ dependencies, microphone, camera, during, fault }: Running): void {
  const { events, sdk, session, devices, limits } = dependencies;
  const av = session.audioVideo;
  const network = followNetwork({
    session,
    camera,
    stream: () => devices.camera.stream,
    limits,
    events: events.network,
    // A person in a tunnel is told at once; the session itself may still be whole.
    silent: (silent) => silent ? events.reconnecting() : events.started(),
    during,
    fault,
  });
  const roster: RosterEvents = {
    ...events.roster,
    joined(id, externalUserId) {
      network.joined(id);
      events.roster.joined(id, externalUserId);
    },
    left(id) {
      network.left(id);
      events.roster.left(id);
    },
  };
  followRoster(av, session.self, roster, during);
  guarded(events.opened, fault)(av, sdk, session.self, during);
  av.addDeviceChangeObserver({
    audioInputStreamEnded: during(() => {
      microphone.lost();
      events.held();
    }),
    videoInputStreamEnded: during(() => camera.lost()),
  });
}

/** Releases everything, in an order that the SDK bears. */
async function release({ dependencies, microphone, camera }: Running): Promise<void> {
  const { devices, session } = dependencies;
  microphone.end();
  camera.end();
  devices.close();
  session.audioVideo.unbindAudioElement();
  await session.audioVideo.stopVideoInput();
  await session.audioVideo.stopAudioInput();
  await session.close();
}

/** Starts a call; everything further is heard through its events. */
export function startCall(dependencies: CallDependencies): Call {
  const { events, sdk, session, devices, wish } = dependencies;
  const av = session.audioVideo;
  let begun = false;
  let started = false;
  let finished = false;
  let leaving = false;
  const fault = (error: unknown) => events.fault(errorName(error));
  const during: During = (callback) =>
    guarded((...values) => finished || callback(...values), fault);
  const hold = createHold({
    microphone: devices.microphone,
    held: () => finished || events.held(),
    resumed: () => finished || events.resumed(),
  });
  // A prompt may be answered after the end, when the devices are the next call's affair.
  const microphone = createMicrophone(
    av,
    devices.microphone,
    wish,
    during((...change: Parameters<DeviceReport>) => {
      hold.watch();
      events.microphone(...change);
    }),
  );
  const camera = createCamera(av, devices.camera, wish, during(events.camera));
  const running: Running = { dependencies, microphone, camera, during, fault };

  function finish(name: string): void {
    if (finished) return;
    finished = true;
    release(running).catch(fault);
    events.stopped(name, meaningOf(name, started));
  }
  const observer: AudioVideoObserver = {
    audioVideoDidStartConnecting: during((again: boolean) => {
      if (again) events.reconnecting();
    }),
    audioVideoDidStart: during(() => {
      const first = !started;
      started = true;
      events.started();
      if (first) camera.start();
    }),
    audioVideoDidStop: guarded((status: MeetingSessionStatus) => {
      // Leaving while the session is still being made stops it with a failure of its own.
      finish(leaving ? "Left" : sdk.MeetingSessionStatusCode[status.statusCode()] ?? "Unknown");
    }, fault),
    videoTileDidUpdate: during((tile: TileState) => events.tileUpdated(av, tile)),
    videoTileWasRemoved: during(events.tileRemoved),
  };
  async function begin(): Promise<void> {
    // A camera that is not wanted says so at once.
    if (!mayFilm(wish)) void camera.follow();
    // The microphone before the start, so that the first sound is the person's; but not for ever.
    await Promise.race([
      microphone.start(),
      new Promise((done) => setTimeout(done, dependencies.promptPatienceMs)),
    ]);
    if (finished) return;
    av.addObserver(observer);
    subscribe(running);
    await av.bindAudioElement(dependencies.audio);
    if (finished) return;
    begun = true;
    av.start();
  }

  begin().catch((error) => finish(errorName(error)));
  return {
    microphone,
    camera,
    check: () => hold.watch(),
    async restore() {
      await microphone.restore();
      await camera.restore();
      if (!finished) events.resumed();
    },
    leave(atOnce) {
      if (finished) return;
      leaving = true;
      if (begun) av.stop();
      if (atOnce || !begun) return finish("Left");
      setTimeout(() => finish("Left"), STOP_PATIENCE_MS);
    },
  };
}
