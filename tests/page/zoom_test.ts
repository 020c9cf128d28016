/// <reference lib="dom" />
/** A shared screen on a phone is zoomed and panned. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { untilInPage } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { enterCall, type Scene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { sceneTest } from "./scene_steps.ts";

const DOCTOR = `a-${PROVIDER.id}`;

/** Enters a call in which the doctor's screen is shared. */
async function share(scene: Scene): Promise<void> {
  await enterCall(scene);
  await scene.company(1);
  await scene.pull("screen", DOCTOR, PROVIDER.id);
  await untilInPage(scene.page, () => document.querySelector(".content.seen") !== null);
}
/** Scale of the screen, the point of it in the middle of the tile, and which buttons are visible. */
const look = ({ page }: Scene) =>
  page.evaluate(() => {
    const area = document.querySelector(".zoom") as HTMLElement;
    const video = area.firstElementChild as HTMLElement;
    // Sizes and scroll positions are whole pixels.
    const rounded = (value: number) => Math.round(value * 100) / 100;
    const middle = (from: number, size: number, whole: number) =>
      rounded((from + size / 2) / whole);
    return {
      scale: rounded(video.clientWidth / area.clientWidth),
      x: middle(area.scrollLeft, area.clientWidth, video.clientWidth),
      y: middle(area.scrollTop, area.clientHeight, video.clientHeight),
      buttons: ["zoom-out", "zoom-in"].filter((name) =>
        document.querySelector<HTMLElement>(`.${name}`)?.offsetParent
      ),
    };
  });
type Fingers = readonly (readonly [x: number, y: number])[];

/** Moves fingers over the page, through the browser's own recognition of gestures. */
async function touch({ page, phone }: Scene, ...steps: readonly Fingers[]): Promise<void> {
  const session = await phone.context.newCDPSession(page);
  for (const [index, fingers] of steps.entries()) {
    await session.send("Input.dispatchTouchEvent", {
      type: index === 0 ? "touchStart" : "touchMove",
      touchPoints: fingers.map(([x, y], id) => ({ x, y, id })),
    });
  }
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await session.detach();
}
/** The middle of the shared screen. */
async function center({ page }: Scene): Promise<readonly [number, number]> {
  const box = await page.locator(".zoom").boundingBox();
  ok(box);
  return [box.x + box.width / 2, box.y + box.height / 2];
}
const near = (one: number, two: number) => Math.abs(one - two) < 0.03;

sceneTest("a shared screen is zoomed", async (step) => {
  for (const phone of [{}, { width: 640, height: 360 }] as const) {
    const side = "width" in phone ? "landscape" : "portrait";
    await step(`by pinching, and dragged, ${side}`, { phone }, async (scene) => {
      await share(scene);
      const [x, y] = await center(scene);
      await touch(scene, [[x - 20, y], [x + 20, y]], [[x - 30, y], [x + 30, y]], [
        [x - 60, y],
        [x + 60, y],
      ]);
      const zoomed = await look(scene);
      equal(zoomed.scale, 3);
      // What is between the fingers stays there.
      ok(near(zoomed.x, 0.5) && near(zoomed.y, 0.5), JSON.stringify(zoomed));
      await touch(scene, [[x, y]], [[x + 20, y + 20]], [[x + 60, y + 50]]);
      await until("another part of the screen", async () => {
        const now = await look(scene);
        return now.x < zoomed.x && now.y < zoomed.y;
      });
      await touch(scene, [[x - 60, y], [x + 60, y]], [[x - 30, y], [x + 30, y]], [
        [x - 5, y],
        [x + 5, y],
      ]);
      deepEqual(await look(scene), { scale: 1, x: 0.5, y: 0.5, buttons: ["zoom-in"] });
      // The page itself was not zoomed.
      equal(await scene.page.evaluate(() => visualViewport?.scale), 1);
    });
  }
  await step("by a double tap, which shows what was tapped", {}, async (scene) => {
    await share(scene);
    const [x, y] = await center(scene);
    await scene.page.mouse.dblclick(x - 100, y - 60);
    const zoomed = await look(scene);
    equal(zoomed.scale, 2);
    ok(zoomed.x < 0.45 && zoomed.y < 0.48, JSON.stringify(zoomed));
    await scene.page.mouse.dblclick(x, y);
    equal((await look(scene)).scale, 1);
  });
  await step("by buttons and by keyboard", {}, async (scene) => {
    const { page } = scene;
    await share(scene);
    deepEqual((await look(scene)).buttons, ["zoom-in"]);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await button("Zoom in").focus();
    await page.keyboard.press("Enter");
    deepEqual((await look(scene)).buttons, ["zoom-out", "zoom-in"]);
    await page.keyboard.press("Enter");
    // At the limit there is only the way back, which has the focus.
    deepEqual(await look(scene), { scale: 4, x: 0.5, y: 0.5, buttons: ["zoom-out"] });
    await page.locator(".zoom").focus();
    await page.keyboard.press("ArrowRight");
    await until("a part farther right", async () => (await look(scene)).x > 0.5);
    await button("Show the whole screen").focus();
    await page.keyboard.press("Enter");
    deepEqual(await look(scene), { scale: 1, x: 0.5, y: 0.5, buttons: ["zoom-in"] });
    equal(await page.evaluate(() => document.activeElement?.className), "zoom-in");
  });
  await step("and the rest of the page stays as it is", { language: "ar" }, async (scene) => {
    const { page } = scene;
    await share(scene);
    await page.tap(".zoom-in");
    await page.tap("#mic");
    equal(await page.getAttribute("#mic", "data-state"), "off");
    // In the strip it is shown whole, and large again as before.
    await page.locator(".tile:not(.content) .pin").tap();
    deepEqual(await look(scene), { scale: 1, x: 0.5, y: 0.5, buttons: [] });
    await page.locator(".content .pin").tap();
    equal((await look(scene)).scale, 2);
  });
});
