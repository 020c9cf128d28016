/**
 * One session with Chime, from the first device to the last. The order is the SDK's: session,
 * observers and subscriptions, microphone, sound, start, and the camera once it has started.
 */
import type { AudioVideoObserver, MeetingSessionStatus } from "amazon-chime-sdk-js";
import type { JoinInfo } from "../supabase/functions/chime-page/page/data.ts";
import { type Camera, createCamera, type DeviceReport } from "./camera.ts";
import { type OpenedMicrophone, openMicrophone } from "./devices.ts";
import { errorName, guarded } from "./guard.ts";
import { createMicrophone, type Microphone } from "./microphone.ts";
import { followRoster, type RosterEvents } from "./roster.ts";
import type { AudioVideo, Sdk, TileState } from "./sdk.ts";
import { meaningOf, type StopMeaning } from "./status_codes.ts";

/** What a call tells the page. */
export interface CallEvents {
  /** The session runs: for the first time, or again after the SDK reconnected by itself. */
  started(first: boolean): void;
  reconnecting(): void;
  /** Exactly once, and the last thing heard. `name` is the SDK's status name, or one of ours. */
  stopped(meaning: StopMeaning, name: string): void;
  readonly microphone: DeviceReport;
  readonly camera: DeviceReport;
  readonly roster: RosterEvents;
  tileUpdated(audioVideo: AudioVideo, tile: TileState): void;
  tileRemoved(tileId: number): void;
  /** A callback of ours threw; the call goes on. */
  fault(name: string): void;
}

/** What a call needs. */
export interface CallPorts {
  readonly audio: HTMLAudioElement;
  readonly events: CallEvents;
  /** How long an unanswered microphone prompt may hold the call up. */
  readonly promptPatienceMs: number;
  /** How long the session may take to start. The SDK retries by itself in that time. */
  readonly joinTimeoutMs: number;
}

/** A call that is being made or held. */
export interface Call {
  readonly microphone: Microphone | null;
  readonly camera: Camera | null;
  leave(): void;
}

// The session answers stop() at once or, without a network, never.
const STOP_PATIENCE_MS = 2_000;
// A face at 360p needs less; the rest of a mobile contract is the person's own.
const VIDEO_KBPS = 600;

/** Starts a call; everything further is heard through its events. */
export function startCall(sdk: Sdk, join: JoinInfo, ports: CallPorts): Call {
  const { events } = ports;
  let audioVideo: AudioVideo | null = null;
  let opened: OpenedMicrophone | null = null;
  let microphone: Microphone | null = null;
  let camera: Camera | null = null;
  let started = false;
  let finished = false;
  let leaving = false;
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const fault = (error: unknown) => events.fault(errorName(error));

  async function release(): Promise<void> {
    audioVideo?.unbindAudioElement();
    await audioVideo?.stopVideoInput();
    await audioVideo?.stopAudioInput();
    await opened?.release();
  }
  function finish(meaning: StopMeaning, name: string): void {
    if (finished) return;
    finished = true;
    clearTimeout(deadline);
    release().catch(fault);
    events.stopped(meaning, name);
  }
  function observer(): AudioVideoObserver {
    return {
      audioVideoDidStartConnecting: guarded((again: boolean) => {
        if (again && !finished) events.reconnecting();
      }, fault),
      audioVideoDidStart: guarded(() => {
        if (finished) return;
        clearTimeout(deadline);
        const first = !started;
        started = true;
        events.started(first);
        if (first) void camera?.on();
      }, fault),
      audioVideoDidStop: guarded((status: MeetingSessionStatus) => {
        const name = sdk.MeetingSessionStatusCode[status.statusCode()] ?? "Unknown";
        // Leaving while the session is still being made stops it with a failure of its own.
        finish(leaving ? "left" : meaningOf(name, started), name);
      }, fault),
      videoTileDidUpdate: guarded((tile: TileState) => {
        if (audioVideo !== null && !finished) events.tileUpdated(audioVideo, tile);
      }, fault),
      videoTileWasRemoved: guarded((tileId: number) => events.tileRemoved(tileId), fault),
    };
  }
  async function begin(): Promise<void> {
    const logger = new sdk.ConsoleLogger("chime", sdk.LogLevel.ERROR);
    opened = await openMicrophone(sdk, logger, ports.promptPatienceMs);
    if (finished) return await opened.release();
    const configuration = new sdk.MeetingSessionConfiguration(join.meeting, join.attendee);
    const session = new sdk.DefaultMeetingSession(configuration, logger, opened.controller);
    const av = audioVideo = session.audioVideo;
    av.addObserver(observer());
    followRoster(av, join.attendee.AttendeeId, events.roster, fault);
    const mic = microphone = createMicrophone(
      av,
      opened.state === "on" ? null : opened.state,
      guarded(events.microphone, fault),
    );
    const cam = camera = createCamera(av, guarded(events.camera, fault));
    av.addDeviceChangeObserver({
      audioInputStreamEnded: guarded(() => mic.lost(), fault),
      videoInputStreamEnded: guarded(() => cam.lost(), fault),
    });
    opened.late?.then((outcome) => finished || mic.answered(outcome)).catch(fault);
    await av.bindAudioElement(ports.audio);
    if (finished) return;
    av.setVideoMaxBandwidthKbps(VIDEO_KBPS);
    deadline = setTimeout(() => {
      finish("failed", "JoinTimeout");
      av.stop();
    }, ports.joinTimeoutMs);
    av.start();
  }

  begin().catch((error) => finish("failed", errorName(error)));
  return {
    get microphone() {
      return microphone;
    },
    get camera() {
      return camera;
    },
    leave() {
      if (finished) return;
      leaving = true;
      if (audioVideo === null) return finish("left", "Left");
      setTimeout(() => finish("left", "Left"), STOP_PATIENCE_MS);
      audioVideo.stop();
    },
  };
}
