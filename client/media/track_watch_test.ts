import { deepEqual } from "node:assert/strict";
import { createDevice } from "./devices.ts";
import { watchTrack } from "./track_watch.ts";
import { devices, type FakeTrack, settle } from "../../tests/support/fake_devices.ts";

/** A watched microphone; `said` are its events. */
async function watched() {
  const { open, opened, answer } = devices();
  const said: string[] = [];
  const device = createDevice("audio", open, () => watch());
  const watch = watchTrack(device, {
    muted: (muted) => said.push(muted ? "muted" : "not muted"),
    ended: () => said.push("ended"),
  }, 0);
  void device.open();
  await answer();
  said.splice(0);
  return { device, said, answer, track: opened[0] as FakeTrack, opened };
}

Deno.test("a track that the system mutes is reported, and that it is unmuted", async () => {
  const { said, track } = await watched();
  track.mute(true);
  await settle();
  track.mute(false);
  deepEqual(said, ["muted", "not muted"]);
});

Deno.test("a short mute, as when a headset is connected, is not reported", async () => {
  const { said, track } = await watched();
  track.mute(true);
  track.mute(false);
  await settle();
  deepEqual(said.includes("muted"), false);
});

Deno.test("a track that ended is reported, but not one that was replaced", async () => {
  const { device, said, answer, track, opened } = await watched();
  track.end();
  deepEqual(said, ["ended"]);
  void device.open();
  await answer();
  said.splice(0);
  track.end();
  track.mute(true);
  await settle();
  deepEqual([said, opened.length], [[], 2]);
});
