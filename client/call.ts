/**
 * One session with Chime, from the first device to the last. The order is the SDK's: session,
 * observers and subscriptions, microphone, sound, start, and the camera once it has started.
 */
import type { AudioVideoObserver, MeetingSessionStatus } from "amazon-chime-sdk-js";
import { type Camera, createCamera, type DeviceReport } from "./camera.ts";
import type { Devices } from "./devices.ts";
import { errorName, guarded, type Hear } from "./guard.ts";
import { createHold } from "./hold.ts";
import { createMicrophone, type Microphone } from "./microphone.ts";
import { followNetwork, type Network, type NetworkEvents, type NetworkPorts } from "./network.ts";
import { followRoster, type RosterEvents } from "./roster.ts";
import type { AudioVideo, Sdk, TileState } from "./sdk.ts";
import type { Session } from "./session.ts";
import { meaningOf, type StopMeaning } from "./status_codes.ts";

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
  /** The session is made and not yet started: the place to subscribe to anything further. */
  opened(audioVideo: AudioVideo, sdk: Sdk, selfAttendeeId: string, hear: Hear): void;
  /** A callback of ours threw; the call goes on. */
  fault(name: string): void;
}

/** What a call needs. */
export interface CallPorts {
  readonly sdk: Sdk;
  readonly session: Session;
  readonly devices: Devices;
  /** What the person chose before the call. */
  readonly want: { readonly microphone: boolean; readonly camera: boolean };
  readonly limits: NetworkPorts["limits"];
  readonly audio: HTMLAudioElement;
  readonly events: CallEvents;
  /** How long an unanswered microphone prompt may hold the call up. */
  readonly promptPatienceMs: number;
}

/** A call that is being made or held. */
export interface Call {
  readonly microphone: Microphone | null;
  readonly camera: Camera | null;
  /** Looks whether the sound is still the page's, e.g. after sleep. */
  check(): void;
  /** Opens microphone and camera afresh and publishes both again. */
  restore(): Promise<void>;
  /** @param atOnce the devices are wanted elsewhere: by the next call */
  leave(atOnce?: boolean): void;
}

// The session answers stop() at once or, without a network, never.
const STOP_PATIENCE_MS = 2_000;

/** Starts a call; everything further is heard through its events. */
export function startCall(ports: CallPorts): Call {
  const { events, sdk, session, devices, want } = ports;
  const av = session.audioVideo;
  let microphone: Microphone | null = null;
  let camera: Camera | null = null;
  let network: Network | null = null;
  let begun = false;
  let started = false;
  let finished = false;
  let leaving = false;
  const fault = (error: unknown) => events.fault(errorName(error));

  // What a session still says after its end, or a prompt that is answered late, is not for the next
  // call, which may have begun.
  const hear: Hear = (callback) =>
    guarded((...values) => {
      if (!finished) callback(...values);
    }, fault);

  async function release(): Promise<void> {
    devices.close();
    av.unbindAudioElement();
    await av.stopVideoInput();
    await av.stopAudioInput();
    await session.close();
  }
  function finish(name: string): void {
    if (finished) return;
    finished = true;
    release().catch(fault);
    events.stopped(name, meaningOf(name, started));
  }
  const hold = createHold({
    microphone: devices.microphone,
    held: () => finished || events.held(),
    resumed: () => finished || events.resumed(),
  });
  const roster: RosterEvents = {
    ...events.roster,
    joined(...who) {
      network?.joined();
      events.roster.joined(...who);
    },
    left(id) {
      network?.left(id);
      events.roster.left(id);
    },
  };
  const observer: AudioVideoObserver = {
    audioVideoDidStartConnecting: hear((again: boolean) => {
      if (again) events.reconnecting();
    }),
    audioVideoDidStart: hear(() => {
      const first = !started;
      started = true;
      events.started();
      if (first && want.camera) void camera?.on();
    }),
    audioVideoDidStop: hear((status: MeetingSessionStatus) => {
      // Leaving while the session is still being made stops it with a failure of its own.
      finish(leaving ? "Left" : sdk.MeetingSessionStatusCode[status.statusCode()] ?? "Unknown");
    }),
    videoTileDidUpdate: hear((tile: TileState) => events.tileUpdated(av, tile)),
    videoTileWasRemoved: hear((tileId: number) => events.tileRemoved(tileId)),
  };
  /** The microphone before the start, so that the first sound is the person's; but not for ever. */
  async function prepareMicrophone(): Promise<void> {
    if (!want.microphone) return;
    const patience = new Promise((done) => setTimeout(done, ports.promptPatienceMs));
    const stream = await Promise.race([devices.microphone.open(), patience]);
    if (stream instanceof MediaStream && !finished) await av.startAudioInput(stream);
  }
  async function begin(): Promise<void> {
    await prepareMicrophone();
    if (finished) return devices.close();
    av.addObserver(observer);
    network = followNetwork({
      session,
      camera: () => camera,
      stream: () => devices.camera.stream,
      limits: ports.limits,
      events: events.network,
      // A person in a tunnel is told at once; the session itself may still be whole.
      silent: (silent) => silent ? events.reconnecting() : events.started(),
      hear,
      fault,
    });
    followRoster(av, session.self, roster, hear);
    hear(events.opened)(av, sdk, session.self, hear);
    const mic = microphone = createMicrophone(
      av,
      devices.microphone,
      hear<Parameters<DeviceReport>>((...change) => {
        hold.watch();
        events.microphone(...change);
      }),
    );
    const cam = camera = createCamera(av, devices.camera, hear(events.camera));
    if (!want.camera) events.camera("off");
    av.addDeviceChangeObserver({
      audioInputStreamEnded: hear(() => {
        mic.lost();
        events.held();
      }),
      videoInputStreamEnded: hear(() => cam.lost()),
    });
    await av.bindAudioElement(ports.audio);
    if (finished) return;
    begun = true;
    av.start();
  }

  begin().catch((error) => finish(errorName(error)));
  return {
    get microphone() {
      return microphone;
    },
    get camera() {
      return camera;
    },
    check: () => hold.watch(),
    async restore() {
      await microphone?.restore();
      await camera?.restore();
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
