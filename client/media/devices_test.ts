import { deepEqual, equal } from "node:assert/strict";
import { createDevice } from "./devices.ts";
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
