import { deepEqual } from "node:assert/strict";
import type { Devices } from "./devices.ts";
import { type DeviceKind, watchPrompt } from "./permission.ts";
import { settle } from "../../tests/support/fake_devices.ts";

/** Both devices open; `elapse` runs the timers, and `asked` is what the page says. */
async function opening(
  states: Readonly<Record<DeviceKind, string>>,
  run: (page: {
    asked: () => readonly DeviceKind[];
    delays: readonly unknown[];
    elapse: () => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const real = globalThis.setTimeout;
  const permissions = Object.getOwnPropertyDescriptor(navigator, "permissions");
  const timers: (() => void)[] = [];
  const delays: unknown[] = [];
  let asked: readonly DeviceKind[] = [];
  const query = ({ name }: { name: DeviceKind }) => Promise.resolve({ state: states[name] });
  Object.defineProperty(navigator, "permissions", { value: { query }, configurable: true });
  Object.assign(globalThis, {
    setTimeout: (timer: () => void, ms: unknown) => {
      delays.push(ms);
      return timers.push(timer);
    },
  });
  const busy = { state: "busy" };
  const devices = { microphone: busy, camera: busy } as unknown as Devices;
  try {
    watchPrompt(devices, (next) => asked = next)();
  } finally {
    Object.assign(globalThis, { setTimeout: real });
  }
  try {
    await run({
      asked: () => asked,
      delays,
      async elapse() {
        timers.splice(0).forEach((timer) => timer());
        await settle();
      },
    });
  } finally {
    if (permissions) Object.defineProperty(navigator, "permissions", permissions);
    else Reflect.deleteProperty(navigator, "permissions");
  }
}

Deno.test("a prompt is explained after 400 ms, as faster answers come from the browser", () =>
  opening({ microphone: "prompt", camera: "prompt" }, async ({ asked, delays, elapse }) => {
    await settle();
    deepEqual([asked(), delays], [[], [400]]);
    await elapse();
    deepEqual(asked(), ["microphone", "camera"]);
  }));

Deno.test("a device that is allowed and slow is not called a prompt", () =>
  opening({ microphone: "granted", camera: "prompt" }, async ({ asked, elapse }) => {
    await elapse();
    deepEqual(asked(), ["camera"]);
  }));
