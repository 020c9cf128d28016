/// <reference lib="dom" />
/**
 * A stand-in for the SDK file that plays a call without a network: people, pictures and messages appear
 * when a test or the screenshot task says so. It shows how the page looks and behaves, not that calls
 * work: for that the real SDK runs against dev/chime.
 */
import { createHash } from "node:crypto";
import type { Puppet } from "./puppet.ts";

/** The file's text; a page loads it like the real one, with integrity. */
export const PUPPET_SDK: string = `(${puppet.toString()})();`;
/** Its integrity. */
export const PUPPET_INTEGRITY = `sha384-${
  createHash("sha384").update(PUPPET_SDK).digest("base64")
}`;

/** Runs in the page. Holds no reference to anything outside itself. */
function puppet(): void {
  // deno-lint-ignore no-explicit-any -- it answers to every name that the page may use of the SDK
  type Anything = any;
  const { paint } = Reflect.get(globalThis, "puppetDevices") as Anything;
  const statuses = new Proxy({}, { get: (_, name) => name });
  const puppets: Puppet[] = [];
  const speakerListeners = new Set<Anything>();
  let stalled = false;

  const lenient = (target: Record<string, Anything>): Anything =>
    new Proxy(target, {
      // Not a promise: awaiting one of these must not wait for ever.
      get: (_, name) =>
        name in target ? target[name as string] : name === "then" ? undefined : () => undefined,
    });
  /** Callbacks by name, as the SDK keeps them: any number for each name. */
  const createCallbacks = () => {
    const all = new Map<string, Set<Anything>>();
    const of = (name: string) =>
      all.get(name) ?? all.set(name, new Set()).get(name) as Set<Anything>;
    return {
      add: (name: string, callback: Anything) => void of(name).add(callback),
      remove: (name: string, callback: Anything) => void of(name).delete(callback),
      clear: (name: string) => void all.delete(name),
      call: (name: string, ...values: unknown[]) => of(name).forEach((each) => each(...values)),
    };
  };

  /** One session, with callbacks of its own. */
  function createSession() {
    const observers = new Set<Anything>();
    const shares = new Set<Anything>();
    const devices = new Set<Anything>();
    const callbacks = createCallbacks();
    const tiles = new Map<number, { id: string; hue: number; kind: string }>();
    const network = {
      type: "candidate-pair",
      timestamp: 0,
      bytesSent: 0,
      responsesReceived: 0,
      availableOutgoingBitrate: 0,
    };
    let running = false;
    let muted = false;
    let shared = false;
    let count = 0;
    let own = 0;
    let lastId = "";

    const tell = (name: string, ...values: unknown[]) =>
      observers.forEach((observer) => observer[name]?.(...values));
    const show = (id: string, externalUserId: string, hue: number, kind: string) => {
      const tileId = ++count;
      tiles.set(tileId, { id, hue, kind });
      tell("videoTileDidUpdate", {
        tileId,
        boundAttendeeId: id,
        boundExternalUserId: externalUserId,
        localTile: id === "self",
        isContent: id.includes("#"),
        active: true,
        boundVideoStream: paint(hue, kind),
      });
      return tileId;
    };
    const hide = (tileId: number) => {
      if (tiles.delete(tileId)) tell("videoTileWasRemoved", tileId);
    };
    const mute = (next: boolean) => {
      muted = next;
      callbacks.call("muted", muted);
    };
    const audioVideo = lenient({
      addObserver: (observer: Anything) => observers.add(observer),
      removeObserver: (observer: Anything) => observers.delete(observer),
      realtimeSubscribeToAttendeeIdPresence: (callback: Anything) =>
        callbacks.add("presence", callback),
      realtimeSubscribeToVolumeIndicator: (id: string, callback: Anything) =>
        callbacks.add(`volume ${id}`, callback),
      realtimeUnsubscribeFromVolumeIndicator: (id: string) => callbacks.clear(`volume ${id}`),
      realtimeSubscribeToMuteAndUnmuteLocalAudio: (callback: Anything) =>
        callbacks.add("muted", callback),
      realtimeIsLocalAudioMuted: () => muted,
      realtimeMuteLocalAudio: () => mute(true),
      realtimeUnmuteLocalAudio: () => {
        mute(false);
        return true;
      },
      subscribeToActiveSpeakerDetector(_: unknown, callback: Anything) {
        callbacks.add("speakers", callback);
        speakerListeners.add(callback);
      },
      unsubscribeFromActiveSpeakerDetector(callback: Anything) {
        callbacks.remove("speakers", callback);
        speakerListeners.delete(callback);
      },
      realtimeSubscribeToReceiveDataMessage: (topic: string, callback: Anything) =>
        callbacks.add(`topic ${topic}`, callback),
      transcriptionController: {
        subscribeToTranscriptEvent: (callback: Anything) => callbacks.add("transcript", callback),
      },
      realtimeSendDataMessage: (_: string, data: string) => lastId = JSON.parse(data).id ?? lastId,
      addDeviceChangeObserver: (observer: Anything) => devices.add(observer),
      addContentShareObserver: (observer: Anything) => shares.add(observer),
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
      startLocalVideoTile: () => own = show("self", "", 200, "wide"),
      stopLocalVideoTile: () => hide(own),
      start(options?: Anything) {
        if (options?.signalingOnly) return;
        running = true;
        if (!stalled) setTimeout(() => running && tell("audioVideoDidStart"), 20);
      },
      // A session that is not running only closes its connection, without a callback.
      stop: () => running && setTimeout(() => running && control.stop("Left"), 20),
    });
    const control: Puppet = {
      enter(id, externalUserId, hue, upright) {
        callbacks.call("presence", id, true, externalUserId);
        if (hue !== null) show(id, externalUserId, hue, upright ? "upright" : "wide");
      },
      exit: (id) => callbacks.call("presence", id, false),
      dark: (id) => tiles.forEach((tile, tileId) => tile.id === id && hide(tileId)),
      screen: (id, externalUserId) => void show(`${id}#content`, externalUserId, 0, "screen"),
      mute: (id, off) => callbacks.call(`volume ${id}`, id, null, off, null),
      listeners: () => speakerListeners.size,
      speak: (...ids) => callbacks.call("speakers", ids),
      say: (externalUserId, data, topic = "chat") =>
        callbacks.call(`topic ${topic}`, {
          senderAttendeeId: `a-${externalUserId}`,
          senderExternalUserId: externalUserId,
          throttled: false,
          text: () => JSON.stringify(data),
        }),
      caption: (id, externalUserId, text) =>
        callbacks.call("transcript", {
          results: [{
            resultId: text.slice(0, 4),
            alternatives: [{
              transcript: text,
              items: [{ attendee: { attendeeId: id, externalUserId } }],
            }],
          }],
        }),
      throttle: () =>
        callbacks.call("topic chat", { throttled: true, text: () => `{"id":"${lastId}"}` }),
      unplug: (kind = "audio") =>
        devices.forEach((observer) => observer[`${kind}InputStreamEnded`]?.()),
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
        shares.forEach((observer) => observer.contentShareDidStart?.());
      },
      shared: () => shared,
      reconnect: () => tell("audioVideoDidStartConnecting", true),
      stop(status) {
        running = false;
        // The SDK removes its tiles first.
        [...tiles.keys()].forEach(hide);
        tell("audioVideoDidStop", { statusCode: () => status });
      },
    };
    puppets.push(control);
    return lenient({ audioVideo });
  }

  // Called with `new`, like the SDK's classes, which then evaluates to what they return.
  function Session() {
    return createSession();
  }
  function Other() {
    return lenient({
      startAudioInput: () => Promise.resolve(new MediaStream()),
      destroy: () => Promise.resolve(),
    });
  }
  const names: Record<string, unknown> = {
    // A promise checks whether its value has a `then`.
    then: undefined,
    MeetingSessionStatusCode: statuses,
    LogLevel: statuses,
    DefaultMeetingSession: Session,
  };
  Object.assign(globalThis, {
    puppets,
    puppet: new Proxy({ stall: () => stalled = true }, {
      get: (always, name) => Reflect.get(puppets.at(-1) ?? always, name),
    }),
    ChimeSDK: new Proxy({}, {
      get: (_, name: string) => name in names ? names[name] : Other,
    }),
  });
}
