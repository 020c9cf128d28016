import { deepEqual, equal } from "node:assert/strict";
import { createCamera } from "./camera.ts";
import { createDevice } from "./devices.ts";
import type { AudioVideo } from "./sdk.ts";
import { loadWish } from "./wish.ts";
import { devices, turn } from "../../tests/support/fake_devices.ts";

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
  const wish = { ...loadWish(""), camera: false };
  const made = createCamera(audioVideo, device, wish, (state, trouble) => {
    said.push(trouble ? `${state} ${trouble}` : state);
  });
  made.start();
  return { camera: made, device, wish, said, published, ...rest };
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

Deno.test("a camera that is off stays off, whatever happens to it", async () => {
  const { camera: own, said, opened, wish } = camera();
  await own.flip();
  own.lost();
  await own.restore();
  own.pause(true);
  own.pause(false);
  await own.follow();
  deepEqual([said.at(-1), opened.length, wish.camera], ["off", 0, false]);
});

Deno.test("a camera that was lost is wanted still: restoring opens it, unless it was switched off", async () => {
  const { camera: own, said, answer, states, wish } = camera();
  void own.on();
  await answer();
  own.lost();
  deepEqual([said.at(-1), wish.camera], ["blocked busy", true]);
  void own.restore();
  await answer();
  equal(said.at(-1), "on");
  own.lost();
  void own.off();
  await own.restore();
  deepEqual([said.at(-1), states()], ["off", ["ended", "ended"]]);
});

Deno.test("nobody is filmed while the app is in the background, and off is off when it is back", async () => {
  const { camera: own, said, answer, states, wish } = camera();
  void own.on();
  await answer();
  wish.away = true;
  void own.follow();
  deepEqual([said.at(-1), states()], ["off", ["ended"]]);
  // Asked for meanwhile: it waits.
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

Deno.test("a camera that is granted after the call is not published in it", async () => {
  const { camera: own, answer, published, device } = camera();
  void own.on();
  own.end();
  void device.open();
  await answer();
  void own.follow();
  await turn();
  deepEqual(published, []);
});
