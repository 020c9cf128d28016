/// <reference lib="dom" />
/** What several tests of scenes share. */
import { browserTest } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { type Scene, type SceneOptions, withScene } from "../support/scene.ts";

/** What the page shows of itself. */
export function look({ page }: Scene) {
  return page.evaluate(() => {
    const state = (id: string) => document.getElementById(id)?.dataset["state"] ?? "";
    const shown = (id: string, text: string) =>
      document.getElementById(id)?.hidden === false
        ? document.querySelector(text)?.textContent ?? ""
        : "";
    return {
      microphone: state("mic"),
      camera: state("camera"),
      notice: shown("notice", "#notice-text"),
      /** What is said about the devices. */
      device: shown("device-notice", "#device-help strong"),
    };
  });
}

/** Waits until the page shows this. */
export function sees(
  scene: Scene,
  what: string,
  fits: (now: Awaited<ReturnType<typeof look>>) => boolean,
): Promise<void> {
  return until(what, async () => fits(await look(scene)));
}

/** Waits until the camera is on. */
export function untilFilmed(scene: Scene): Promise<void> {
  return sees(scene, "the camera", ({ camera }) => camera === "on");
}

/** A test of several steps, each with a scene of its own in which the visit is open. */
export function sceneTest(
  name: string,
  run: (
    step: (
      name: string,
      options: SceneOptions,
      run: (scene: Scene) => Promise<void>,
    ) => Promise<boolean>,
  ) => Promise<void>,
): void {
  browserTest(
    name,
    (browser, t) =>
      run((name, options, act) =>
        t.step(name, () =>
          withScene(browser, options, async (scene) => {
            scene.visit.status = "open";
            await act(scene);
          }))
      ),
  );
}
