/// <reference lib="dom" />
/** The controls of a call: their labels and keys, and the timer. */
import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import type { Page } from "playwright-core";
import { LANGUAGE_NAMES } from "../../supabase/functions/chime-page/contract/languages.ts";
import type { Language } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { browserTest, untilPhase } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { enterCall, type Scene, withScene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { sceneTest } from "./scene_steps.ts";

/** Faults of the labels: more than one row, more than two lines, cut off, or too small a target. */
const faultsOfLabels = (page: Page) =>
  page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>(".control:not([hidden])")];
    const boxes = controls.map((control) => control.getBoundingClientRect());
    const faults = controls.length === 5 ? [] : [`${controls.length} controls`];
    if (new Set(boxes.map(({ top }) => top)).size > 1) faults.push("more than one row");
    controls.forEach((control, index) => {
      const text = document.createRange();
      text.selectNodeContents(control.lastElementChild as Element);
      const label = text.getBoundingClientRect();
      const lines = new Set([...text.getClientRects()].map(({ top }) => Math.round(top))).size;
      const box = boxes[index] as DOMRect;
      const name = control.textContent;
      if (lines > 2) faults.push(`${name}: ${lines} lines`);
      if (label.left < box.left - 1 || label.right > box.right + 1) faults.push(`${name}: cut off`);
      if (box.left < 0 || box.right > innerWidth) faults.push(`${name}: beyond the screen`);
      if (box.width < 48 || box.height < 48) faults.push(`${name}: too small`);
    });
    return faults;
  });

browserTest("five controls fit in one row of a phone in every language", async (browser, t) => {
  for (const language of Object.keys(LANGUAGE_NAMES) as Language[]) {
    await t.step(language, () =>
      withScene(browser, { language }, async (scene) => {
        const { page } = scene;
        await enterCall(scene);
        for (const width of [360, 320]) {
          await page.setViewportSize({ width, height: 640 });
          for (const state of ["on", "off"]) {
            await page.waitForSelector(`#mic[data-state=${state}]`);
            await page.waitForSelector(`#camera[data-state=${state}]`);
            deepEqual(await faultsOfLabels(page), [], `${width} px, ${state}`);
            await page.click("#mic");
            await page.click("#camera");
          }
        }
      }));
  }
});

const stateOf = (page: Page, id: string) => page.getAttribute(`#${id}`, "data-state");

/** Presses a key and waits until a button is in this state. */
async function press(page: Page, key: string, id: string, state: string): Promise<void> {
  await page.keyboard.press(key);
  await until(`${key}: ${state}`, async () => await stateOf(page, id) === state);
}

sceneTest("keys", async (step) => {
  await step("keys switch microphone and camera in the call", {}, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await page.waitForSelector("#camera[data-state=on]");
    await press(page, "m", "mic", "off");
    await press(page, "Control+d", "mic", "on");
    await press(page, "v", "camera", "off");
    await press(page, "Control+e", "camera", "on");
    equal(await page.getAttribute("#mic", "aria-keyshortcuts"), "M");
    // With the menu open, too.
    await page.click("#more");
    await press(page, "m", "mic", "off");
    await page.keyboard.press("Escape");
    // In the chat letters are text, and only Ctrl switches.
    await page.click("#chat-open");
    await page.keyboard.type("move");
    equal(await page.inputValue("#chat-text"), "move");
    deepEqual([await stateOf(page, "mic"), await stateOf(page, "camera")], ["off", "on"]);
    await press(page, "Control+d", "mic", "on");
    equal(await page.inputValue("#chat-text"), "move");
  });
  await step("keys switch microphone and camera in the lobby", {
    data: { lobby: true },
  }, async ({ page }) => {
    await page.waitForSelector("#try-camera[data-state=on]");
    // The keys come with the lobby bundle.
    await page.waitForSelector("#more");
    await press(page, "m", "try-mic", "off");
    await press(page, "v", "try-camera", "off");
    // In a list letters choose an option, and only Ctrl switches.
    await page.focus("#use");
    await page.keyboard.press("m");
    deepEqual([await stateOf(page, "try-mic"), await stateOf(page, "try-camera")], ["off", "off"]);
    await press(page, "Control+d", "try-mic", "on");
    // After a choice, letters switch again outside of the list.
    await page.selectOption("#use", "saver");
    await page.focus("#join");
    await press(page, "m", "try-mic", "off");
  });
  await step("after the call the browser gets its keys back", {}, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await page.click("#leave");
    await untilPhase(page, "left");
    const prevented = await page.evaluate(() => {
      const event = new KeyboardEvent("keydown", { key: "d", ctrlKey: true, cancelable: true });
      document.dispatchEvent(event);
      return event.defaultPrevented;
    });
    equal(prevented, false);
  });
});

sceneTest("the timer of a call", async (step) => {
  /** What is said, which must be what is shown: a text, and two columns of digits. */
  const time = async ({ page }: Scene) => {
    const shown = await page.locator("#timer").evaluate((timer) =>
      [...timer.children].map((part) => {
        if (part.textContent) return part.textContent;
        // The column's digits are its lines.
        const { content, height, transform } = getComputedStyle(part, "::before");
        const lines = content.replaceAll('"', "").split(/\n|\\a /);
        const line = -new DOMMatrix(transform).f / (parseFloat(height) / lines.length);
        return lines[Math.round(line)];
      }).join("")
    );
    equal(await page.getAttribute("#timer", "aria-label"), `Call time ${shown}`);
    return shown;
  };
  await step("starts with the second person, and goes on through a lost connection and a reload", {
    before: (page) => page.clock.install({ time: "2026-11-23T13:30:00Z" }),
  }, async (scene) => {
    const { page, visit } = scene;
    const { clock } = page;
    const here = () => scene.pull("enter", `a-${PROVIDER.id}`, PROVIDER.id, 200);
    await enterCall(scene);
    await clock.pauseAt("2026-11-23T14:00:00Z");
    equal(await page.locator("#timer").isVisible(), false);
    await here();
    equal(await time(scene), "00:00");
    await clock.runFor(65_000);
    equal(await time(scene), "01:05");
    // A page that was asleep did not count, but the time passed.
    await clock.fastForward(3_600_000);
    await clock.runFor(1_000);
    equal(await time(scene), "1:01:06");
    await scene.pull("reconnect");
    await clock.runFor(5_000);
    equal(await time(scene), "1:01:11");
    // Screen readers can ask for it, but do not read out each second.
    equal(await page.getAttribute("#timer", "role"), "timer");
    equal(await page.getAttribute("#timer", "aria-live"), null);
    visit.status = "open";
    await clock.resume();
    await page.reload({ waitUntil: "domcontentloaded" });
    await enterCall(scene);
    await here();
    match(await time(scene), /^1:01:\d\d$/);
  });
});

sceneTest("forced colors", async (step) => {
  await step("what is off, pressed or switched on can be told apart", {}, async (scene) => {
    const { page } = scene;
    await page.emulateMedia({ forcedColors: "active" });
    await enterCall(scene);
    const ground = (selector: string, part?: string) =>
      page.locator(selector).evaluate(
        (element, part) => getComputedStyle(element, part).backgroundColor,
        part,
      );
    const border = await page.locator("#mic .disc").evaluate((disc) =>
      getComputedStyle(disc).borderTopWidth
    );
    equal(border, "1px");
    const on = await ground("#mic .disc");
    await press(page, "m", "mic", "off");
    notEqual(await ground("#mic .disc"), on);
    await page.click("#more");
    const off = await ground("#saver .switch");
    notEqual(await ground("#saver .switch", "::after"), off);
    await page.click("#saver");
    notEqual(await ground("#saver .switch"), off);
    notEqual(await ground("#saver .switch", "::after"), await ground("#saver .switch"));
  });
});
