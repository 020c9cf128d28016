import { deepEqual, equal } from "node:assert/strict";
import { createCamera } from "./camera.ts";
import { createDevice } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";
import { loadWish } from "./wish.ts";
import { devices, settle } from "../../tests/support/fake_devices.ts";

/** A camera of a call; `said` are the states that its button showed. */
function camera() {
  const said: string[] = [];
  const published: unknown[] = [];
  const { open, ...rest } = devices();
  const device = createDevice("video", open, () => undefined);
  /** Whether the others see it. */
  let sent = false;
  const audioVideo = {
    startVideoInput: (stream: unknown) => Promise.resolve(published.push(stream)),
    stopVideoInput: () => Promise.resolve(),
    startLocalVideoTile: () => sent = true,
    stopLocalVideoTile: () => sent = false,
  } as unknown as AudioVideo;
  const wish = { ...loadWish(""), camera: false };
  const made = createCamera(audioVideo, device, wish, (state, trouble) => {
    said.push(trouble ? `${state} ${trouble}` : state);
  });
  made.start();
  return { camera: made, device, wish, said, published, isSent: () => sent, ...rest };
}

Deno.test("a camera that opens slowly can be switched on, off and on again", async () => {
  const { camera: own, said, answer, states } = camera();
  void own.on();
  await settle();
  void own.off();
  void own.on();
  await settle();
  await answer();
  await answer();
  deepEqual([said.at(-1), states()], ["on", ["ended", "live"]]);
});

Deno.test("a camera that is switched off and on again at once films again", async () => {
  const { camera: own, said, answer, device } = camera();
  void own.on();
  await settle();
  await answer();
  void own.off();
  void own.on();
  await settle();
  await answer();
  equal(said.at(-1), "on");
  equal(device.stream?.getVideoTracks()[0]?.readyState, "live");
});

Deno.test("a camera that is flipped twice in a row flips once, and stays on", async () => {
  const { camera: own, said, answer, states } = camera();
  void own.on();
  await settle();
  await answer();
  void own.flip();
  await settle();
  void own.flip();
  await settle();
  await answer();
  deepEqual([said.at(-1), states()], ["on", ["ended", "live"]]);
});

Deno.test("a slow camera that is switched off meanwhile does not film", async () => {
  const { camera: own, said, answer, states, published } = camera();
  void own.on();
  await settle();
  void own.off();
  await answer();
  deepEqual([said.at(-1), states(), published], ["off", ["ended"], []]);
});

Deno.test("a camera that is off stays off, whatever happens", async () => {
  const { camera: own, said, opened, wish } = camera();
  await own.flip();
  await own.lost();
  await own.restore();
  own.pause(true);
  own.pause(false);
  await own.follow();
  deepEqual([said.at(-1), opened.length, wish.camera], ["off", 0, false]);
});

Deno.test("restoring opens a lost camera again, unless it was switched off", async () => {
  const { camera: own, said, answer, states, wish } = camera();
  void own.on();
  await answer();
  void own.lost();
  deepEqual(said.at(-1), "busy");
  await answer({ error: "NotReadableError" });
  deepEqual([said.at(-1), wish.camera], ["blocked busy", true]);
  void own.restore();
  await answer();
  equal(said.at(-1), "on");
  void own.lost();
  void own.off();
  await own.restore();
  deepEqual([said.at(-1), states()], ["off", ["ended", "ended"]]);
});

Deno.test("the camera is off while the app is in the background, and afterwards as the person chose", async () => {
  const { camera: own, said, answer, states, wish } = camera();
  void own.on();
  await answer();
  wish.away = true;
  void own.follow();
  deepEqual([said.at(-1), states()], ["off", ["ended"]]);
  // Switched on meanwhile: it waits.
  void own.off();
  void own.on();
  deepEqual([said.at(-1), states()], ["off", ["ended"]]);
  wish.away = false;
  void own.follow();
  await answer();
  deepEqual([said.at(-1), states()], ["on", ["ended", "live"]]);
  wish.away = true;
  void own.follow();
  void own.off();
  wish.away = false;
  void own.follow();
  deepEqual([said.at(-1), states()], ["off", ["ended", "ended"]]);
});

Deno.test("a camera that is granted after the call is not published", async () => {
  const { camera: own, answer, published, device } = camera();
  void own.on();
  own.end();
  void device.open();
  await answer();
  void own.follow();
  await settle();
  deepEqual(published, []);
});

Deno.test("a camera that is unplugged is replaced by another one, or says that there is none", async () => {
  const { camera: own, said, answer, states } = camera();
  void own.on();
  await answer();
  void own.lost();
  await answer();
  deepEqual([said.at(-1), states()], ["on", ["ended", "live"]]);
  void own.lost();
  await answer({ error: "NotFoundError" });
  await answer({ error: "NotFoundError" });
  equal(said.at(-1), "blocked missing");
});

Deno.test("a camera that the system mutes is shown as muted by it, and comes back without a tap", async () => {
  const { camera: own, said, answer, opened, wish, isSent } = camera();
  void own.on();
  await answer();
  own.muted(true);
  // The others see the initials, not a black picture.
  deepEqual([said.at(-1), wish.camera, isSent()], ["blocked muted", true, false]);
  own.muted(false);
  deepEqual([said.at(-1), opened.length, isSent()], ["on", 1, true]);
});

Deno.test("a tap on a camera that the system muted opens it again", async () => {
  const { camera: own, said, answer, states } = camera();
  void own.on();
  await answer();
  own.muted(true);
  void own.toggle();
  await answer();
  deepEqual([said.at(-1), states()], ["on", ["ended", "live"]]);
});
