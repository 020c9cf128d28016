/// <reference lib="dom" />
/** Microphone and camera in hasty hands, and taken away: the page's own logic without a browser. */
import { deepEqual, equal } from "node:assert/strict";
import { startCall } from "../../client/call.ts";
import { createCamera } from "../../client/camera.ts";
import { createDevice, createDevices, type OpenStream } from "../../client/devices.ts";
import type { AudioVideo, Sdk } from "../../client/sdk.ts";
import type { Session } from "../../client/session.ts";

class FakeTrack {
  readyState = "live";
  constructor(readonly kind: "audio" | "video") {}
  stop = () => void (this.readyState = "ended");
  getSettings = () => ({ facingMode: "user" });
}
class FakeStream {
  constructor(private readonly tracks: readonly FakeTrack[]) {}
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === "audio");
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === "video");
}
Object.assign(globalThis, { MediaStream: FakeStream });

const turn = () => new Promise((done) => setTimeout(done));

/** Devices whose prompts the test answers, oldest first. */
function devices() {
  const opened: FakeTrack[] = [];
  const prompts: (() => void)[] = [];
  const open: OpenStream = ({ audio }) =>
    new Promise((resolve) =>
      prompts.push(() => {
        const track = new FakeTrack(audio ? "audio" : "video");
        opened.push(track);
        resolve(new FakeStream([track]) as unknown as MediaStream);
      })
    );
  const answer = async () => {
    prompts.shift()?.();
    await turn();
  };
  return { open, opened, answer, states: () => opened.map(({ readyState }) => readyState) };
}

/** A camera of a call; `said` are the states its button showed. */
function camera() {
  const said: string[] = [];
  const published: unknown[] = [];
  const { open, ...rest } = devices();
  const device = createDevice("video", open, () => undefined);
  const audioVideo = {
    startVideoInput: (stream: unknown) => Promise.resolve(published.push(stream)),
    stopVideoInput: () => Promise.resolve(),
    startLocalVideoTile: () => 1,
    stopLocalVideoTile: () => undefined,
  } as unknown as AudioVideo;
  const made = createCamera(audioVideo, device, (state, trouble) => {
    said.push(trouble ? `${state} ${trouble}` : state);
  });
  return { camera: made, device, said, published, ...rest };
}

Deno.test("a camera that is slow to open bears on, off and on again", async () => {
  const { camera: own, said, answer, states } = camera();
  void own.on();
  await turn();
  void own.off();
  void own.on();
  await turn();
  await answer();
  await answer();
  deepEqual([said.at(-1), states()], ["on", ["ended", "live"]]);
});

Deno.test("a camera that is off and on within a moment films again", async () => {
  const { camera: own, said, answer, device } = camera();
  void own.on();
  await turn();
  await answer();
  void own.off();
  void own.on();
  await turn();
  await answer();
  equal(said.at(-1), "on");
  equal(device.stream?.getVideoTracks()[0]?.readyState, "live");
});

Deno.test("a camera that is turned twice in haste turns once, and stays on", async () => {
  const { camera: own, said, answer, states } = camera();
  void own.on();
  await turn();
  await answer();
  void own.flip();
  await turn();
  void own.flip();
  await turn();
  await answer();
  deepEqual([said.at(-1), states()], ["on", ["ended", "live"]]);
});

Deno.test("whoever switched a slow camera off is not filmed", async () => {
  const { camera: own, said, answer, states, published } = camera();
  void own.on();
  await turn();
  void own.off();
  await answer();
  deepEqual([said.at(-1), states(), published], ["off", ["ended"], []]);
});

Deno.test("a headset that was picked and is gone is replaced by any other microphone", async () => {
  const asked: unknown[] = [];
  let there = true;
  const device = createDevice("audio", ({ audio }) => {
    const id = (audio as MediaTrackConstraints).deviceId;
    asked.push(id);
    if (id !== undefined && !there) {
      return Promise.reject(new DOMException("", "OverconstrainedError"));
    }
    return Promise.resolve(new FakeStream([new FakeTrack("audio")]) as unknown as MediaStream);
  }, () => undefined);
  await device.open();
  const headset = { deviceId: { exact: "headset" } };
  await device.pick(headset);
  equal(device.state, "on");
  there = false;
  device.close();
  await device.open();
  deepEqual([device.state, device.trouble], ["on", undefined]);
  deepEqual(asked, [undefined, headset.deviceId, headset.deviceId, undefined]);
});

Deno.test("a call that is given up lets go of the devices at once, and not of the next call's", async () => {
  const { open, answer, states } = devices();
  const both = createDevices(open, () => undefined);
  let observer: { audioVideoDidStop?(status: unknown): void } = {};
  const nothing = () => undefined;
  const audioVideo = new Proxy({}, {
    get: (_, name) =>
      name === "addObserver"
        ? (given: typeof observer) => observer = { ...given, ...observer }
        : nothing,
  }) as AudioVideo;
  const session = { audioVideo, self: "me", close: () => Promise.resolve() } as unknown as Session;
  const said: string[] = [];
  const call = startCall({
    sdk: { MeetingSessionStatusCode: {} } as unknown as Sdk,
    session,
    devices: both,
    want: { microphone: true, camera: false },
    limits: () => ({ top: 2, megabytesAnHour: Infinity }),
    audio: {} as HTMLAudioElement,
    events: new Proxy({} as never, {
      get: (_, name) => name === "stopped" ? (reason: string) => said.push(reason) : nothing,
    }),
    promptPatienceMs: 10_000,
  });
  await turn();
  await answer();
  await turn();
  call.leave(true);
  deepEqual([said, states()], [["Left"], ["ended"]]);
  // The next call has the microphone when the old session answers after all.
  void both.microphone.open();
  await turn();
  await answer();
  observer.audioVideoDidStop?.({ statusCode: () => 0 });
  await turn();
  deepEqual([said, states(), both.microphone.state], [["Left"], ["ended", "live"], "on"]);
});
