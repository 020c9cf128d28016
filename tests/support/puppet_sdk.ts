/// <reference lib="dom" />
/**
 * A stand-in for the SDK's file that plays a call without a network: people, pictures and words come
 * when a test or the screenshot task says so. It proves how the page looks and can be handled, never
 * that calls work: for that the real SDK runs against dev/chime.
 */
import { createHash } from "node:crypto";

/** The file's text; a page loads it like the real one, with integrity. */
export const PUPPET_SDK: string = `(${puppet.toString()})();`;
/** Its integrity. */
export const PUPPET_INTEGRITY = `sha384-${
  createHash("sha384").update(PUPPET_SDK).digest("base64")
}`;

/** Runs before anything else in the page: a camera and a microphone that always give the same. */
export const PUPPET_DEVICES: string = `(${devices.toString()})();`;

/** What a test pulls: `globalThis.puppet` in the page. */
export interface Puppet {
  /** Somebody comes in; `hue` paints their picture, null leaves the camera off. */
  enter(id: string, externalUserId: string, hue: number | null, upright?: boolean): void;
  exit(id: string): void;
  /** Their screen is shared. */
  screen(id: string, externalUserId: string): void;
  mute(id: string, muted: boolean): void;
  /** How many listen for who speaks, each by a timer of its own. */
  listeners(): number;
  speak(...ids: string[]): void;
  /** They send data; with another topic than the chat, to the page itself. */
  say(externalUserId: string, data: unknown, topic?: string): void;
  /** Somebody is transcribed. */
  caption(id: string, externalUserId: string, text: string): void;
  /** Amazon gives the last message of this page back: too many. */
  throttle(): void;
  /** The id of the last message this page sent. */
  lastId(): string;
  reconnect(): void;
  /** The next start connects for ever. */
  stall(): void;
  /** So many seconds of the network pass at once: what it took, and what it bears. */
  pass(seconds: number, kbps: number, available: number): void;
  /** The own screen is shared. */
  share(): void;
  /** Whether it still is, as far as the SDK was told. */
  shared(): boolean;
  /** Ends the session with the SDK's status of that name. */
  stop(status: string): void;
}

/** Runs in the page. Holds no reference to anything outside itself. */
function puppet(): void {
  // deno-lint-ignore no-explicit-any -- it answers to every name the page may ask of the SDK
  type Anything = any;
  const observers: Anything[] = [];
  const volumes = new Map<string, Anything>();
  const topics = new Map<string, Anything>();
  const tiles = new Map<number, { id: string; hue: number; kind: string }>();
  const statuses = new Proxy({}, { get: (_, name) => name });
  let presence: Anything = () => undefined;
  let speakers: Anything = () => undefined;
  const listeners = new Set<Anything>();
  let muting: Anything = () => undefined;
  let muted = false;
  const network = {
    type: "candidate-pair",
    timestamp: 0,
    bytesSent: 0,
    responsesReceived: 0,
    availableOutgoingBitrate: 0,
  };
  let stalled = false;
  let sharing: Anything = {};
  let shared = false;
  let count = 0;
  let own: Anything = null;
  let lastId = "";
  let transcript: Anything = () => undefined;

  const { paint } = Reflect.get(globalThis, "puppetDevices") as Anything;
  const tell = (name: string, ...values: unknown[]) =>
    observers.forEach((observer) => observer[name]?.(...values));
  const show = (id: string, externalUserId: string, hue: number, kind: string, local = false) => {
    const tileId = ++count;
    tiles.set(tileId, { id, hue, kind });
    tell("videoTileDidUpdate", {
      tileId,
      boundAttendeeId: id,
      boundExternalUserId: externalUserId,
      localTile: local,
      isContent: id.includes("#"),
      active: true,
      boundVideoStream: paint(hue, kind),
    });
    return tileId;
  };
  const known: Record<string, Anything> = {
    addObserver: (observer: Anything) => observers.push(observer),
    realtimeSubscribeToAttendeeIdPresence: (callback: Anything) => presence = callback,
    realtimeSubscribeToVolumeIndicator: (id: string, callback: Anything) =>
      volumes.set(id, callback),
    realtimeSubscribeToMuteAndUnmuteLocalAudio: (callback: Anything) => muting = callback,
    realtimeIsLocalAudioMuted: () => muted,
    realtimeMuteLocalAudio: () => muting(muted = true),
    realtimeUnmuteLocalAudio: () => {
      muting(muted = false);
      return true;
    },
    subscribeToActiveSpeakerDetector(_: unknown, callback: Anything) {
      listeners.add(speakers = callback);
    },
    unsubscribeFromActiveSpeakerDetector: (callback: Anything) => listeners.delete(callback),
    realtimeSubscribeToReceiveDataMessage: (topic: string, callback: Anything) =>
      topics.set(topic, callback),
    transcriptionController: {
      subscribeToTranscriptEvent: (callback: Anything) => transcript = callback,
    },
    realtimeSendDataMessage: (_: string, data: string) => lastId = JSON.parse(data).id ?? lastId,
    addContentShareObserver: (observer: Anything) => sharing = observer,
    stopContentShare: () => shared = false,
    bindAudioElement: () => Promise.resolve(),
    bindVideoElement: (tileId: number, video: HTMLVideoElement) => {
      const tile = tiles.get(tileId);
      if (tile !== undefined) video.srcObject = paint(tile.hue, tile.kind);
    },
    startAudioInput: () => Promise.resolve(new MediaStream()),
    startVideoInput: () => Promise.resolve(new MediaStream()),
    stopAudioInput: () => Promise.resolve(),
    stopVideoInput: () => Promise.resolve(),
    startLocalVideoTile: () => own = show("self", "", 200, "wide", true),
    stopLocalVideoTile: () => tell("videoTileWasRemoved", own),
    start: (options?: Anything) => {
      if (!options?.signalingOnly && !stalled) setTimeout(() => tell("audioVideoDidStart"), 20);
    },
    stop: () => setTimeout(() => control.stop("Left"), 20),
  };
  const lenient = (target: Record<string, Anything>): Anything =>
    new Proxy(target, {
      // Never a promise by itself: awaiting one of these must not wait for ever.
      get: (_, name) =>
        name in target ? target[name as string] : name === "then" ? undefined : () => undefined,
    });
  const audioVideo = lenient(known);
  const control: Puppet = {
    enter(id, externalUserId, hue, upright) {
      presence(id, true, externalUserId);
      if (hue !== null) show(id, externalUserId, hue, upright ? "upright" : "wide");
    },
    exit: (id) => presence(id, false),
    screen: (id, externalUserId) => void show(`${id}#content`, externalUserId, 0, "screen"),
    mute: (id, off) => volumes.get(id)?.(id, null, off, null),
    listeners: () => listeners.size,
    speak: (...ids) => speakers(ids),
    say: (externalUserId, data, topic = "chat") =>
      topics.get(topic)?.({
        senderAttendeeId: `a-${externalUserId}`,
        senderExternalUserId: externalUserId,
        throttled: false,
        text: () => JSON.stringify(data),
      }),
    caption: (id, externalUserId, text) =>
      transcript({
        results: [{
          resultId: text.slice(0, 4),
          alternatives: [{
            transcript: text,
            items: [{ attendee: { attendeeId: id, externalUserId } }],
          }],
        }],
      }),
    throttle: () => topics.get("chat")?.({ throttled: true, text: () => `{"id":"${lastId}"}` }),
    lastId: () => lastId,
    stall: () => stalled = true,
    pass(seconds, kbps, available) {
      for (let left = seconds; left > 0; left--) {
        network.timestamp += 1000;
        network.bytesSent += kbps * 125;
        network.responsesReceived++;
        network.availableOutgoingBitrate = available * 1000;
        tell("metricsDidReceive", { rtcStatsReport: [{ ...network }] });
      }
    },
    share() {
      shared = true;
      sharing.contentShareDidStart?.();
    },
    shared: () => shared,
    reconnect: () => tell("audioVideoDidStartConnecting", true),
    stop: (status) => tell("audioVideoDidStop", { statusCode: () => status }),
  };
  class Lenient {
    constructor() {
      return lenient({
        audioVideo,
        startAudioInput: () => Promise.resolve(new MediaStream()),
        destroy: () => Promise.resolve(),
      });
    }
  }
  Object.assign(globalThis, {
    puppet: control,
    ChimeSDK: new Proxy({}, {
      get(_, name) {
        // Promises ask what they are given whether it is one of them.
        if (name === "then") return undefined;
        return name === "MeetingSessionStatusCode" || name === "LogLevel" ? statuses : Lenient;
      },
    }),
  });
}

/** Runs in the page. Holds no reference to anything outside itself. */
function devices(): void {
  /** A calm portrait: head and shoulders before a wall. The same bytes each time. */
  function paint(hue: number, kind: string): MediaStream {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = kind === "upright" ? [360, 640] : [960, 540];
    const { width, height } = canvas;
    const draw = canvas.getContext("2d") as CanvasRenderingContext2D;
    const fill = (style: string, path: () => void) => {
      draw.fillStyle = style;
      draw.beginPath();
      path();
      draw.fill();
    };
    const show = () => {
      if (kind === "screen") {
        fill("#f7f8f8", () => draw.rect(0, 0, width, height));
        fill("#0b6b58", () => draw.rect(0, 0, width, 56));
        for (let line = 0; line < 7; line++) {
          fill("#c9d3d2", () => draw.rect(60, 110 + line * 54, line % 3 === 2 ? 420 : 620, 18));
        }
        fill("#cfe3f7", () => draw.rect(730, 110, 170, 210));
        return;
      }
      // Flat colours: a picture of it stays small.
      fill(`hsl(${hue} 24% 58%)`, () => draw.rect(0, 0, width, height));
      fill(
        `hsl(${hue} 26% 52%)`,
        () => draw.ellipse(width * 0.5, height * 0.5, height * 0.62, height * 0.62, 0, 0, 7),
      );
      const size = Math.min(width, height) * 0.2;
      const [x, y] = [width / 2, height * 0.42];
      fill(
        `hsl(${hue + 150} 30% 34%)`,
        () => draw.ellipse(x, height * 0.42 + size * 3.1, size * 2.1, size * 1.9, 0, 0, 7),
      );
      fill("#7a4b33", () => draw.rect(x - size * 0.35, y + size * 0.6, size * 0.7, size * 0.9));
      fill("#8a573c", () => draw.ellipse(x, y, size * 0.82, size * 1.05, 0, 0, 7));
      fill("#1e1512", () => draw.ellipse(x, y - size * 0.55, size * 0.86, size * 0.62, 0, 0, 7));
      fill("#1e1512", () => draw.arc(x - size * 0.3, y + size * 0.12, size * 0.07, 0, 7));
      fill("#1e1512", () => draw.arc(x + size * 0.3, y + size * 0.12, size * 0.07, 0, 7));
      draw.lineWidth = size * 0.07;
      draw.strokeStyle = "#4b2a1d";
      draw.beginPath();
      draw.arc(x, y + size * 0.3, size * 0.3, 0.5, 2.64);
      draw.stroke();
    };
    show();
    setInterval(show, 200);
    return canvas.captureStream(5);
  }
  const media = navigator.mediaDevices;
  const held = new Set<MediaStreamTrack>();
  media.getUserMedia = ({ audio, video } = {}) => {
    const trouble = Reflect.get(globalThis, "puppetTrouble");
    if (trouble) return Promise.reject(new DOMException("", trouble));
    const stream = video ? paint(200, "wide") : new MediaStream();
    if (audio) {
      const silence = new AudioContext().createMediaStreamDestination();
      silence.stream.getAudioTracks().forEach((track) => {
        stream.addTrack(track);
        held.add(track);
      });
    }
    return Promise.resolve(stream);
  };
  /** A phone call takes the sound: WebKit mutes the track. */
  const hold = () =>
    held.forEach((track) => {
      Object.defineProperty(track, "muted", { value: true });
      track.dispatchEvent(new Event("mute"));
    });
  Object.assign(globalThis, { puppetDevices: { paint, hold } });
}
