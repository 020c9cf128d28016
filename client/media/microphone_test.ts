import { deepEqual, equal } from "node:assert/strict";
import { createDevice } from "./devices.ts";
import { createMicrophone } from "./microphone.ts";
import type { AudioVideo } from "./sdk.ts";
import {
  devices,
  type FakeStream,
  type FakeTrack,
  turn,
} from "../../tests/support/fake_devices.ts";

/** Whoever is muted is not heard, not for a moment, whatever happens to their microphone. */

/**
 * A microphone in a call whose SDK does what the real one does: muting reaches the stream that is
 * published then, and a stream that is published later flows as it comes. `heard` is empty while
 * nobody's sound flows against their wish.
 */
function scene(wanted: boolean) {
  const { open, opened, answer } = devices();
  const wish = { microphone: wanted };
  const said: string[] = [];
  const heard: string[] = [];
  let published: FakeTrack | undefined;
  let [muted, allowed] = [false, true];
  const listen = (when: string) => {
    if (published?.readyState === "live" && published.enabled && !wish.microphone) heard.push(when);
  };
  const enable = (on: boolean) => {
    if (published !== undefined) published.enabled = on;
    muted = !on;
    listen(on ? "unmuted" : "muted");
    return true;
  };
  const audioVideo = {
    startAudioInput(stream: FakeStream) {
      published = stream.getAudioTracks()[0];
      listen("published");
      return Promise.resolve();
    },
    realtimeMuteLocalAudio: () => muted || enable(false),
    realtimeUnmuteLocalAudio: () => !muted || allowed && enable(true),
  } as unknown as AudioVideo;
  const device = createDevice("audio", open, () => listen("device"));
  const microphone = createMicrophone(audioVideo, device, wish, (state, trouble) => {
    listen(state);
    said.push(trouble ? `${state} ${trouble}` : state);
  });
  return {
    microphone,
    device,
    wish,
    opened,
    answer,
    heard,
    forbid: () => allowed = false,
    /** What the button says, and whether sound flows. */
    now: () => [
      said.at(-1),
      published?.readyState === "live" && published.enabled && !muted ? "heard" : "silent",
    ],
  };
}

Deno.test("who is muted is not heard when the microphone is restored, and is by their own unmute", async () => {
  const { microphone, answer, heard, now } = scene(true);
  void microphone.start();
  await answer();
  deepEqual(now(), ["on", "heard"]);
  microphone.off();
  microphone.lost();
  void microphone.restore();
  await answer();
  deepEqual([now(), heard], [["off", "silent"], []]);
  await microphone.on();
  deepEqual(now(), ["on", "heard"]);
});

Deno.test("who mutes while the prompt is open is not heard when it is answered", async () => {
  const { microphone, answer, heard, now } = scene(true);
  void microphone.start();
  microphone.toggle();
  await answer();
  deepEqual([now(), heard], [["off", "silent"], []]);
  microphone.toggle();
  deepEqual(now(), ["on", "heard"]);
});

Deno.test("who mutes while the microphone is being restored is not heard after it", async () => {
  const { microphone, answer, heard, now } = scene(true);
  void microphone.start();
  await answer();
  void microphone.restore();
  microphone.off();
  await answer();
  deepEqual([now(), heard], [["off", "silent"], []]);
});

Deno.test("who came in without a microphone gets none by restoring", async () => {
  const { microphone, opened, now } = scene(false);
  await microphone.start();
  await microphone.restore();
  microphone.lost();
  await microphone.restore();
  deepEqual([now(), opened.length], [["off", "silent"], 0]);
});

Deno.test("who is not muted is heard again when the microphone is restored", async () => {
  const { microphone, answer, wish, now } = scene(true);
  void microphone.start();
  await answer();
  microphone.lost();
  deepEqual([now(), wish.microphone], [["blocked busy", "silent"], true]);
  void microphone.restore();
  await answer();
  deepEqual(now(), ["on", "heard"]);
});

Deno.test("an unmute that the SDK refuses is no wish that a later moment fulfils", async () => {
  const { microphone, answer, forbid, wish, now } = scene(true);
  void microphone.start();
  await answer();
  microphone.off();
  forbid();
  await microphone.on();
  deepEqual([now(), wish.microphone], [["off", "silent"], false]);
});

Deno.test("a microphone that is granted after the call is not published in it", async () => {
  const { microphone, device, answer, now } = scene(true);
  void microphone.start();
  microphone.end();
  device.close();
  // The next call's.
  void device.open();
  await answer();
  await answer();
  await turn();
  equal(device.state, "on");
  deepEqual(now(), ["busy", "silent"]);
});
