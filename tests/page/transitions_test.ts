/// <reference lib="dom" />
/** Sheets and chat open and close within 160 ms, and what closes is never in the way. */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest } from "../support/browser.ts";
import { enterCall, withScene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";

const LAPTOP = { width: 1280, height: 800 };
/** What opens each of them. */
const OPENERS = { "more-sheet": "more", "leave-sheet": "leave", chat: "chat-open" } as const;
type Id = keyof typeof OPENERS;

/** Opens or closes it, and tells how it looks before the next frame. */
const press = (page: Page, id: Id, closes: boolean) =>
  page.evaluate(([id, opener, closes]) => {
    const target = document.getElementById(id) as HTMLElement;
    const inside = target.querySelector("h2") as HTMLElement;
    const { x, y } = inside.getBoundingClientRect();
    if (closes) {
      const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
      document.activeElement?.dispatchEvent(escape);
    } else document.getElementById(opener)?.click();
    const moving = target.getAnimations({ subtree: true }).filter((one) =>
      one instanceof CSSTransition
    ) as CSSTransition[];
    const durations = (property: string) =>
      moving.filter(({ transitionProperty }) => transitionProperty === property)
        .map(({ effect }) => effect?.getTiming().duration);
    return {
      visible: getComputedStyle(inside).visibility === "visible",
      inTheWay: target.contains(document.elementFromPoint(x + 1, y + 1)),
      focused: target.contains(document.activeElement),
      opacity: durations("opacity"),
      transform: durations("transform"),
    };
  }, [id, OPENERS[id], closes] as const);

/** Waits for the end of its transitions; whether it is still visible then. */
const end = (page: Page, id: Id) =>
  page.locator(`#${id}`).evaluate(async (target) => {
    const moving = target.getAnimations({ subtree: true });
    await Promise.all(moving.map(({ finished }) => finished));
    return getComputedStyle(target).visibility === "visible";
  });

browserTest("sheets and chat open and close within 160 ms", async (browser, t) => {
  await withScene(browser, { data: { self: PROVIDER } }, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    for (const id of Object.keys(OPENERS) as Id[]) {
      for (const size of [{ width: 360, height: 640 }, LAPTOP]) {
        await t.step(`${id}, ${size.width}x${size.height}`, async () => {
          await page.setViewportSize(size);
          await page.emulateMedia({ reducedMotion: "no-preference" });
          const motion = { opacity: [160], transform: [160] };
          const opened = await press(page, id, false);
          deepEqual([opened.visible, opened.focused], [true, true]);
          deepEqual({ opacity: opened.opacity, transform: opened.transform }, motion);
          equal(await end(page, id), true);
          deepEqual(await press(page, id, true), {
            visible: true,
            inTheWay: false,
            focused: false,
            ...motion,
          });
          equal(await end(page, id), false);
        });
        await t.step(`${id}, ${size.width}x${size.height}, with reduced motion`, async () => {
          await page.emulateMedia({ reducedMotion: "reduce" });
          const still = { opacity: [], transform: [] };
          const opened = await press(page, id, false);
          deepEqual(opened, { visible: true, inTheWay: true, focused: true, ...still });
          deepEqual(await press(page, id, true), {
            visible: false,
            inTheWay: false,
            focused: false,
            ...still,
          });
        });
      }
    }
  });
});

browserTest(
  "a sheet that opens again while it closes is open",
  (browser) =>
    withScene(browser, {}, async (scene) => {
      const { page } = scene;
      await enterCall(scene);
      await page.emulateMedia({ reducedMotion: "no-preference" });
      await press(page, "more-sheet", false);
      await press(page, "more-sheet", true);
      equal((await press(page, "more-sheet", false)).focused, true);
      equal(await end(page, "more-sheet"), true);
    }),
);
