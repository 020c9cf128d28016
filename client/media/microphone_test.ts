import { deepEqual, equal } from "node:assert/strict";
import { createDevice } from "./devices.ts";
import { createMicrophone } from "./microphone.ts";
import type { AudioVideo } from "./sdk.ts";
import {
  devices,
  type FakeStream,
  type FakeTrack,
  settle,
} from "../../tests/support/fake_devices.ts";

/** A muted person is never heard, not even for a moment, whatever happens to the microphone. */

/**
 * A microphone in a call whose SDK behaves like the real one: muting affects the stream that is published
 * then, and a stream that is published later is not muted. `heard` lists each moment at which a muted
 * person was heard.
 */
function microphoneInCall(wanted: boolean) {
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
    /** The state of the button, and whether the person is heard. */
    now: () => [
      said.at(-1),
      published?.readyState === "live" && published.enabled && !muted ? "heard" : "silent",
    ],
  };
}

Deno.test("a muted person is not heard when the microphone is restored, but after their own unmute", async () => {
  const { microphone, answer, heard, now } = microphoneInCall(true);
  void microphone.start();
  await answer();
  deepEqual(now(), ["on", "heard"]);
  microphone.off();
  void microphone.lost();
  await answer();
  deepEqual([now(), heard], [["off", "silent"], []]);
  void microphone.restore();
  await answer();
  deepEqual([now(), heard], [["off", "silent"], []]);
  await microphone.on();
  deepEqual(now(), ["on", "heard"]);
});

Deno.test("a person who mutes while the prompt is open is not heard when it is answered", async () => {
  const { microphone, answer, heard, now } = microphoneInCall(true);
  void microphone.start();
  microphone.toggle();
  await answer();
  deepEqual([now(), heard], [["off", "silent"], []]);
  microphone.toggle();
  deepEqual(now(), ["on", "heard"]);
});

Deno.test("a person who mutes while the microphone is being restored is not heard afterwards", async () => {
  const { microphone, answer, heard, now } = microphoneInCall(true);
  void microphone.start();
  await answer();
  void microphone.restore();
  microphone.off();
  await answer();
  deepEqual([now(), heard], [["off", "silent"], []]);
});

Deno.test("restoring opens no microphone for a person who joined without one", async () => {
  const { microphone, opened, now } = microphoneInCall(false);
  await microphone.start();
  await microphone.restore();
  await microphone.lost();
  await microphone.restore();
  deepEqual([now(), opened.length], [["off", "silent"], 0]);
});

Deno.test("a lost microphone says what the browser answers, and is heard again when restored", async () => {
  const { microphone, answer, wish, now } = microphoneInCall(true);
  void microphone.start();
  await answer();
  void microphone.lost();
  deepEqual(now(), ["busy", "silent"]);
  await answer({ error: "NotAllowedError" });
  deepEqual([now(), wish.microphone], [["blocked refused", "silent"], true]);
  void microphone.restore();
  await answer();
  deepEqual(now(), ["on", "heard"]);
});

Deno.test("a microphone that the system mutes is shown as muted by it, until it is unmuted", async () => {
  const { microphone, answer, wish, opened, now } = microphoneInCall(true);
  void microphone.start();
  await answer();
  microphone.muted(true);
  deepEqual([now(), wish.microphone], [["blocked muted", "silent"], true]);
  microphone.muted(false);
  deepEqual([now(), opened.length], [["on", "heard"], 1]);
});

Deno.test("a tap on a microphone that the system muted opens it again", async () => {
  const { microphone, answer, opened, now } = microphoneInCall(true);
  void microphone.start();
  await answer();
  microphone.muted(true);
  microphone.toggle();
  await answer();
  deepEqual([now(), opened.map(({ readyState }) => readyState)], [
    ["on", "heard"],
    ["ended", "live"],
  ]);
});

Deno.test("a person who muted themselves stays muted when the system unmutes", async () => {
  const { microphone, answer, heard, now } = microphoneInCall(true);
  void microphone.start();
  await answer();
  microphone.off();
  microphone.muted(true);
  microphone.muted(false);
  deepEqual([now(), heard], [["off", "silent"], []]);
});

Deno.test("an unmute that the SDK refuses leaves the person muted", async () => {
  const { microphone, answer, forbid, wish, now } = microphoneInCall(true);
  void microphone.start();
  await answer();
  microphone.off();
  forbid();
  await microphone.on();
  deepEqual([now(), wish.microphone], [["off", "silent"], false]);
});

Deno.test("a microphone that is granted after the call is not published", async () => {
  const { microphone, device, answer, now } = microphoneInCall(true);
  void microphone.start();
  microphone.end();
  device.close();
  // The next call's.
  void device.open();
  await answer();
  await answer();
  await settle();
  equal(device.state, "on");
  deepEqual(now(), ["busy", "silent"]);
});
