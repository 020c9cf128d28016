/// <reference lib="dom" />
/**
 * Runs in the browser: one person in a call. The SDK is a script before this one: the whole SDK, or the
 * deployed file if a run asks for it. Tests control this as `window.caller` and read its state.
 */
import {
  ConsoleLogger,
  DefaultDeviceController,
  DefaultMeetingSession,
  LogLevel,
  MeetingSessionConfiguration,
  MeetingSessionStatusCode,
} from "amazon-chime-sdk-js";
import type { CallerState, JoinOptions, Seen, TileState } from "./caller_state.ts";
import { ToneMeter } from "./tone_meter.ts";

/** A moving picture that costs less than the browser's fake camera, so that six people fit on two cores. */
function drawPicture(width: number, height: number, framerate: number): MediaStream {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const drawing = canvas.getContext("2d");
  setInterval(() => {
    if (drawing === null) return;
    drawing.fillStyle = `hsl(${performance.now() / 10 % 360} 90% 50%)`;
    drawing.fillRect(0, 0, width, height);
  }, 1000 / framerate);
  return canvas.captureStream(framerate);
}

class Caller {
  #session: DefaultMeetingSession | undefined;
  readonly #audio = document.createElement("audio");
  readonly #context = new AudioContext({ sampleRate: 48_000 });
  readonly #tones = new ToneMeter(this.#audio, this.#context);
  readonly #roster: Record<string, Seen> = {};
  readonly #tiles = new Map<number, { seen: TileState; video: HTMLVideoElement }>();
  readonly #messages: { text: string; from: string }[] = [];
  readonly #connecting: boolean[] = [];
  #camera: readonly [number, number, number] = [320, 180, 10];
  #started = 0;
  #throttled = 0;
  #stopped: string | null = null;
  #contentStopped: string | null = null;
  #startAt = 0;
  #startMs: number | null = null;
  #firstFrameMs: number | null = null;

  async join(options: JoinOptions): Promise<void> {
    const logger = new ConsoleLogger("caller", LogLevel.WARN);
    const devices = new DefaultDeviceController(logger);
    const configuration = new MeetingSessionConfiguration(
      { Meeting: options.meeting },
      { Attendee: options.attendee },
    );
    this.#session = new DefaultMeetingSession(configuration, logger, devices);
    const { audioVideo } = this.#session;
    this.#observe();
    await audioVideo.startAudioInput(this.#voice(options.tone));
    if (options.camera) {
      this.#camera = options.camera;
      audioVideo.chooseVideoInputQuality(...options.camera);
      audioVideo.setVideoMaxBandwidthKbps(120);
    }
    this.#audio.autoplay = true;
    document.body.append(this.#audio);
    await audioVideo.bindAudioElement(this.#audio);
    if (options.topic !== undefined) this.listen(options.topic);
    this.#startAt = performance.now();
    audioVideo.start();
  }

  async cameraOn(): Promise<void> {
    const audioVideo = this.#audioVideo();
    const [width, height, framerate] = this.#camera;
    await audioVideo.startVideoInput(drawPicture(width, height, framerate));
    audioVideo.startLocalVideoTile();
  }

  async cameraOff(): Promise<void> {
    this.#audioVideo().stopLocalVideoTile();
    await this.#audioVideo().stopVideoInput();
  }

  mute(muted: boolean): void {
    if (muted) this.#audioVideo().realtimeMuteLocalAudio();
    else this.#audioVideo().realtimeUnmuteLocalAudio();
  }

  say(topic: string, text: string, lifetimeMs: number, times: number): void {
    for (let i = 0; i < times; i++) {
      this.#audioVideo().realtimeSendDataMessage(topic, text, lifetimeMs);
    }
  }

  listen(topic: string): void {
    this.#audioVideo().realtimeSubscribeToReceiveDataMessage(topic, (message) => {
      if (message.throttled) this.#throttled += 1;
      else this.#messages.push({ text: message.text(), from: message.senderExternalUserId });
    });
  }

  async share(): Promise<void> {
    await this.#audioVideo().startContentShare(drawPicture(640, 360, 10));
  }

  stopShare(): void {
    this.#audioVideo().stopContentShare();
  }

  leave(): void {
    this.#audioVideo().stop();
  }

  /** See {@link ToneMeter.read}. */
  hear(tones: readonly number[]): number[] {
    return this.#tones.read(tones);
  }

  /** Received and lost packets and concealed samples of the incoming sound and pictures. */
  async statistics(): Promise<Record<string, unknown>[]> {
    const report = await this.#audioVideo().getRTCPeerConnectionStats();
    const rows: Record<string, unknown>[] = [];
    report?.forEach((row: Record<string, unknown>) => rows.push(row));
    return rows.filter((row) => row["type"] === "inbound-rtp");
  }

  state(): CallerState {
    return {
      started: this.#started,
      connecting: this.#connecting,
      stopped: this.#stopped,
      contentStopped: this.#contentStopped,
      roster: this.#roster,
      tiles: [...this.#tiles.values()].map(({ seen, video }) => ({
        ...seen,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        width: video.videoWidth,
      })),
      messages: this.#messages,
      throttled: this.#throttled,
      startMs: this.#startMs,
      firstFrameMs: this.#firstFrameMs,
    };
  }

  #audioVideo(): DefaultMeetingSession["audioVideo"] {
    if (this.#session === undefined) throw new Error("Cannot control a call before joining it");
    return this.#session.audioVideo;
  }

  #voice(tone: number): MediaStream {
    const out = this.#context.createMediaStreamDestination();
    const voice = new OscillatorNode(this.#context, { frequency: tone });
    voice.connect(new GainNode(this.#context, { gain: 0.2 })).connect(out);
    voice.start();
    return out.stream;
  }

  #observe(): void {
    const audioVideo = this.#audioVideo();
    audioVideo.addObserver({
      audioVideoDidStartConnecting: (reconnecting) => this.#connecting.push(reconnecting),
      audioVideoDidStart: () => {
        this.#started += 1;
        this.#startMs ??= performance.now() - this.#startAt;
      },
      audioVideoDidStop: (status) => {
        this.#stopped = MeetingSessionStatusCode[status.statusCode()] ?? "unknown";
      },
      videoTileDidUpdate: (tile) => {
        if (tile.tileId === null || !tile.boundAttendeeId || tile.localTile) return;
        if (this.#tiles.has(tile.tileId)) return;
        const video = document.createElement("video");
        video.width = 40;
        document.body.append(video);
        video.addEventListener("loadeddata", () => {
          this.#firstFrameMs ??= performance.now() - this.#startAt;
        });
        const seen = {
          externalUserId: tile.boundExternalUserId ?? "",
          content: tile.isContent,
          frames: 0,
          width: 0,
        };
        this.#tiles.set(tile.tileId, { seen, video });
        audioVideo.bindVideoElement(tile.tileId, video);
      },
      videoTileWasRemoved: (tileId) => {
        this.#tiles.get(tileId)?.video.remove();
        this.#tiles.delete(tileId);
      },
    });
    audioVideo.addContentShareObserver({
      contentShareDidStop: () => this.#contentStopped ??= "stopped",
    });
    audioVideo.realtimeSubscribeToAttendeeIdPresence((id, present, externalUserId, dropped) => {
      const seen = this.#roster[id] ??= {
        externalUserId: externalUserId ?? "",
        present,
        dropped: false,
        muted: null,
        loudest: 0,
        signal: null,
      };
      if (present) {
        audioVideo.realtimeSubscribeToVolumeIndicator(id, (_id, volume, muted, signal) => {
          if (volume !== null) seen.loudest = Math.max(seen.loudest, volume);
          if (muted !== null) seen.muted = muted;
          if (signal !== null) seen.signal = signal;
        });
      } else audioVideo.realtimeUnsubscribeFromVolumeIndicator(id);
      Object.assign(seen, { present, dropped: dropped ?? false });
    });
  }
}

declare global {
  // `var` is how a global is declared for `globalThis`.
  var caller: Caller;
}
globalThis.caller = new Caller();

export type { Caller };
