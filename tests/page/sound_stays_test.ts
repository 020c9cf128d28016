/// <reference lib="dom" />
/** A real call whose sound the system pauses: by a headset's key, another route or a notification. */
import { deepEqual, ok } from "node:assert/strict";
import { untilPhase } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { twoPhones } from "./two_phones.ts";

/** Keeps the handlers of media keys as `globalThis.keys`. */
function keepKeys(): void {
  const keys: Record<string, MediaSessionActionHandler | null> = {};
  Object.assign(globalThis, { keys });
  navigator.mediaSession.setActionHandler = (action, handler) => void (keys[action] = handler);
}

looseTest("the sound of the others goes on when the system pauses it", async (t) => {
  const { patient, close } = await twoPhones({ before: (page) => page.addInitScript(keepKeys) });
  const { page } = patient.phone;
  const audio = page.locator("#audio");
  const hear = page.locator("#hear");
  const playing = () =>
    audio.evaluate((element: HTMLAudioElement) => element.paused ? -1 : element.currentTime);
  const untilHeard = async () => {
    const before = await playing();
    await until("sound", async () => await playing() > Math.max(0, before));
  };
  const keys = () =>
    page.evaluate(() =>
      Object.entries(Reflect.get(globalThis, "keys")).flatMap(([key, run]) => run ? [key] : [])
    );
  try {
    await t.step("it is played again", async () => {
      await untilHeard();
      await audio.evaluate((element: HTMLAudioElement) => element.pause());
      await untilHeard();
      ok(await hear.isHidden());
    });
    await t.step("if the browser refuses, a button plays it", async () => {
      await audio.evaluate((element: HTMLAudioElement) => {
        element.play = () => Promise.reject(new DOMException("", "NotAllowedError"));
        element.pause();
      });
      await until("the button", () => hear.isVisible());
      await audio.evaluate((element: HTMLAudioElement) => Reflect.deleteProperty(element, "play"));
      await hear.click();
      await untilHeard();
      await until("no button", () => hear.isHidden());
    });
    await t.step("media keys do not pause it, and are free again after the call", async () => {
      const taken = await keys();
      ok(["play", "pause", "stop"].every((key) => taken.includes(key)), taken.join());
      await page.evaluate(() => Reflect.get(globalThis, "keys").pause());
      await untilHeard();
      await page.click("#leave");
      await untilPhase(page, "left");
      deepEqual(await keys(), []);
    });
    deepEqual(patient.phone.errors, []);
  } finally {
    await close();
  }
});
