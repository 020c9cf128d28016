import { deepEqual, equal } from "node:assert/strict";
import { createDevice, createDevices } from "./devices.ts";
import { FakeStream, FakeTrack } from "../../tests/support/fake_devices.ts";

Deno.test("a chosen headset that is gone is replaced by another microphone", async () => {
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

Deno.test("both devices are asked for as they were chosen, and each alone if that fails", async () => {
  const asked: string[] = [];
  let there = true;
  const devices = createDevices((constraints) => {
    const ids = (["audio", "video"] as const).flatMap((kind) => {
      const wanted = constraints[kind];
      return typeof wanted === "object"
        ? [`${kind} ${JSON.stringify(wanted.deviceId ?? "any")}`]
        : [];
    });
    asked.push(ids.join());
    if (!there && ids.join().includes("desk")) {
      return Promise.reject(new DOMException("", "OverconstrainedError"));
    }
    const tracks = ids.map((id) => new FakeTrack(id.startsWith("audio") ? "audio" : "video"));
    return Promise.resolve(new FakeStream(tracks) as unknown as MediaStream);
  }, () => undefined);
  await devices.microphone.pick({ deviceId: "headset" });
  await devices.camera.pick({ deviceId: "desk" });
  await devices.openBoth();
  deepEqual(asked, ['audio "headset",video "desk"']);
  there = false;
  await devices.openBoth();
  deepEqual(asked.slice(2), ['audio "headset"', 'video "desk"', 'video "any"']);
  deepEqual([devices.microphone.state, devices.camera.state], ["on", "on"]);
});
