import { deepEqual } from "node:assert/strict";
import { createWakeLock } from "./wake_lock.ts";

Deno.test("the wake lock is requested again when the page is visible, released at the end, and optional", async () => {
  const said: string[] = [];
  let seen: () => void = () => undefined;
  const document = {
    visibilityState: "visible" as DocumentVisibilityState,
    addEventListener: (_: string, listener: () => void) => void (seen = listener),
  };
  const wakeLock = {
    request: () => {
      said.push("request");
      return Promise.resolve({ release: () => Promise.resolve(void said.push("release")) });
    },
  };
  const hold = createWakeLock({ document, navigator: { wakeLock } } as never);
  const settled = () => new Promise((done) => setTimeout(done));
  hold(true);
  hold(true);
  await settled();
  document.visibilityState = "hidden";
  seen();
  await settled();
  document.visibilityState = "visible";
  seen();
  hold(false);
  await settled();
  seen();
  deepEqual(said, ["request", "release", "request", "release"]);
  createWakeLock({ document, navigator: {} } as never)(true);
  const refusing = { request: () => Promise.reject(new DOMException("", "NotAllowedError")) };
  createWakeLock({ document, navigator: { wakeLock: refusing } } as never)(true);
  await settled();
});
