/// <reference lib="dom" />
/** The menus of a call: popovers on larger screens, the question before leaving, and the theme. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { COMPANY, enterCall, openScene } from "../support/scene.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import { sceneTest } from "./scene_steps.ts";

const LAPTOP = { width: 1280, height: 800, touch: false };

sceneTest("leaving as a provider", async (step) => {
  const options = { data: { self: PROVIDER } };
  const asked = (page: Page) =>
    page.locator("#leave-sheet button:visible").evaluateAll((buttons) =>
      buttons.map(({ textContent }) => textContent)
    );
  const patient = `a-${PATIENT.id}`;
  await step(
    "the question says who stays, and ending comes first",
    { ...options, group: true },
    async (scene) => {
      const { page } = scene;
      await enterCall(scene);
      await page.click("#leave");
      const [end, , stay] = await asked(page);
      deepEqual([end, stay], ["End visit for everyone", "Stay"]);
      const leaves = (text: string) => until(text, async () => (await asked(page))[1] === text);
      await leaves("Leave, visit stays open");
      // Also if somebody comes or goes while the question is open.
      await scene.pull("enter", patient, PATIENT.id, null);
      await leaves("Leave, patient stays in the call");
      const guest = COMPANY[0]?.id ?? "";
      await scene.pull("enter", `a-${guest}`, guest, null);
      await leaves("Leave, others stay in the call");
      await scene.pull("exit", patient);
      await leaves("Leave, others stay in the call");
      await scene.pull("exit", `a-${guest}`);
      await leaves("Leave, visit stays open");
    },
  );
  await step(
    "an end that fails is said, also to a provider who closed the question",
    options,
    async (scene) => {
      const { page } = scene;
      const answers: (() => void)[] = [];
      await page.route(
        "**/end",
        (route) => void answers.push(() => route.fulfill({ status: 503 })),
      );
      await enterCall(scene);
      await scene.pull("enter", patient, PATIENT.id, null);
      await page.click("#leave");
      await page.click("#leave-all");
      await until("the request", () => answers.length === 1);
      await page.keyboard.press("Escape");
      await page.waitForSelector("#leave-sheet", { state: "hidden" });
      answers[0]?.();
      await page.waitForSelector("#leave-trouble");
      match(await page.locator("#leave-trouble").innerText(), /could not end the visit/);
      equal(await page.locator("#leave-all").isEnabled(), true);
    },
  );
});

browserTest("menus of larger screens are popovers", async (browser, t) => {
  const scene = await openScene(browser, { phone: LAPTOP, data: { self: PROVIDER } });
  const { page } = scene;
  const open = () => page.locator("#more-sheet").isVisible();
  const focused = () => page.evaluate(() => document.activeElement?.id);
  try {
    await enterCall(scene);
    await scene.pull("enter", `a-${PATIENT.id}`, PATIENT.id, 30);
    await t.step(
      "the popover is above its button, and the page behind it stays usable",
      async () => {
        await page.click("#more");
        equal(await page.getAttribute("#more", "aria-expanded"), "true");
        equal(await page.getAttribute("#more-sheet [role=dialog]", "aria-modal"), "false");
        const [panel, button] = await Promise.all(
          ["#more-sheet .panel", "#more"].map((one) => page.locator(one).boundingBox()),
        );
        ok(panel && button);
        ok(panel.y + panel.height <= button.y, "above");
        ok(
          panel.x <= button.x && panel.x + panel.width >= button.x + button.width,
          "at the button",
        );
        ok(panel.y >= 0 && panel.x + panel.width <= LAPTOP.width, "inside the window");
        await page.click("#mic");
        equal(await page.getAttribute("#mic", "data-state"), "off");
        equal(await open(), false);
      },
    );
    await t.step("Escape, the button itself and Tab close it", async () => {
      await page.click("#more");
      await page.keyboard.press("Escape");
      deepEqual([await open(), await focused()], [false, "more"]);
      await page.keyboard.press("Enter");
      equal(await open(), true);
      await page.click("#more");
      deepEqual([await open(), await page.getAttribute("#more", "aria-expanded")], [
        false,
        "false",
      ]);
      await page.click("#more");
      await page.keyboard.press("Shift+Tab");
      await until("closed", async () => !(await open()));
    });
    await t.step("there it lists even a single device, and the keys", async () => {
      await page.click("#more");
      for (const list of ["call-mics", "call-cameras", "speakers"]) {
        await page.waitForSelector(`#${list}`);
      }
      match(await page.locator(".keys").innerText(), /M for microphone/);
      await page.keyboard.press("Escape");
    });
    await t.step("the question before leaving is a popover, too", async () => {
      await page.click("#leave");
      equal(await page.locator("#leave-all").isVisible(), true);
      await page.mouse.click(20, 400);
      await page.waitForSelector("#leave-all", { state: "hidden" });
    });
    deepEqual(scene.phone.errors, []);
  } finally {
    await scene.close();
  }
});

sceneTest("the theme", async (step) => {
  await step(
    "is the device's until the person chooses one, which is remembered",
    {},
    async (scene) => {
      const { page } = scene;
      const ground = () =>
        page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const choose = (theme: string) => page.selectOption("#theme", theme);
      const device = (colorScheme: "light" | "dark") => page.emulateMedia({ colorScheme });
      await enterCall(scene);
      await page.click("#more");
      equal(await page.inputValue("#theme"), "system");
      const dark = await ground();
      await device("light");
      const light = await ground();
      ok(light !== dark);
      await choose("dark");
      equal(await ground(), dark);
      await page.reload({ waitUntil: "domcontentloaded" });
      equal(await ground(), dark);
      await page.waitForSelector("#theme", { state: "attached" });
      equal(await page.inputValue("#theme"), "dark");
      await page.click("#more");
      await choose("light");
      await device("dark");
      equal(await ground(), light);
      await choose("system");
      equal(await ground(), dark);
      await device("light");
      equal(await ground(), light);
    },
  );
});
