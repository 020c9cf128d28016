/// <reference lib="dom" />
/** What several tests of the chat share. */
import type { Page } from "playwright-core";
import { enterCall, type Scene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";

export const DOCTOR = `a-${PROVIDER.id}`;

/** Puts the doctor, with a picture, into the call of a scene. */
export async function callWithDoctor(scene: Scene): Promise<void> {
  await enterCall(scene);
  await scene.pull("enter", DOCTOR, PROVIDER.id, 200);
}

/** Waits until the observers and scroll events of the last change have run. */
export const settled = (page: Page) =>
  page.evaluate(() =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  );

/** Lets an on-screen keyboard cover all but the upper part of the screen. */
export async function keyboard(page: Page, height: number): Promise<void> {
  await page.evaluate((height) => {
    Object.defineProperty(visualViewport, "height", { configurable: true, value: height });
    visualViewport?.dispatchEvent(new Event("resize"));
  }, height);
  await settled(page);
}
