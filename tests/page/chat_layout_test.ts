/// <reference lib="dom" />
/** The other person stays visible while the chat is open. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest } from "../support/browser.ts";
import { enterCall, type Scene, withScene } from "../support/scene.ts";
import { callWithDoctor, keyboard, settled } from "./chat_steps.ts";

const PORTRAIT = { width: 360, height: 640 };
const LANDSCAPE = { width: 640, height: 360 };

const boxes = (page: Page) =>
  page.evaluate(() => {
    const box = (selector: string) => {
      const { left, top, right, bottom, width, height } =
        (document.querySelector(selector) as Element).getBoundingClientRect();
      return { left, top, right, bottom, width, height };
    };
    return {
      tile: box(".tile"),
      chat: box("#chat"),
      list: box("#chat-scroll"),
      form: box("#chat-form"),
    };
  });

async function check(scene: Scene, visible: { width: number; height: number }, what: string) {
  const { tile, chat, list, form } = await boxes(scene.page);
  const facts = JSON.stringify({ tile, chat, list, form });
  const apart = tile.bottom <= chat.top || tile.right <= chat.left || chat.right <= tile.left;
  ok(apart, `${what}: the chat covers the picture: ${facts}`);
  ok(tile.width >= 150 && tile.height >= 80, `${what}: the picture is small: ${facts}`);
  ok(list.height >= 40, `${what}: no messages: ${facts}`);
  ok(form.bottom <= visible.height && form.height >= 48, `${what}: no field: ${facts}`);
  ok(tile.top >= 0 && chat.left >= 0 && chat.right <= visible.width, `${what}: ${facts}`);
}

for (const language of ["en", "ar"] as const) {
  browserTest(
    `in ${language} the chat leaves the other person's picture in sight`,
    (browser, t) =>
      withScene(browser, { language }, async (scene) => {
        const { page } = scene;
        await callWithDoctor(scene);
        await page.waitForSelector(".tile.seen");
        await page.click("#chat-open");
        for (
          const size of [PORTRAIT, { width: 320, height: 568 }, { width: 600, height: 960 }]
        ) {
          await t.step(`above the chat at ${size.width}x${size.height}`, async () => {
            await page.setViewportSize(size);
            await settled(page);
            await check(scene, size, "portrait");
            const { tile, chat } = await boxes(page);
            ok(tile.bottom <= chat.top);
          });
        }
        for (
          const size of [LANDSCAPE, { width: 768, height: 1024 }, { width: 1280, height: 800 }]
        ) {
          await t.step(`beside the chat at ${size.width}x${size.height}`, async () => {
            await page.setViewportSize(size);
            await settled(page);
            await check(scene, size, "beside");
            const { tile, chat } = await boxes(page);
            ok(language === "ar" ? chat.right <= tile.left : tile.right <= chat.left);
            ok(tile.height > size.height / 2);
          });
        }
        for (const [size, height] of [[PORTRAIT, 300], [LANDSCAPE, 170]] as const) {
          for (const covers of [true, false]) {
            const keys = covers ? "covers the page" : "makes the page smaller";
            await t.step(`above a keyboard that ${keys}, ${size.width}x${height}`, async () => {
              await page.setViewportSize(covers ? size : { ...size, height });
              if (covers) await keyboard(page, height);
              else await settled(page);
              await check(scene, { ...size, height }, keys);
              if (covers) {
                await page.evaluate(() =>
                  Reflect.deleteProperty(visualViewport as object, "height")
                );
              }
            });
          }
        }
        await t.step("without the keyboard everything is back", async () => {
          await page.setViewportSize(PORTRAIT);
          await keyboard(page, 640);
          await check(scene, PORTRAIT, "portrait");
          equal(await page.locator("#mic").isVisible(), true);
          deepEqual(await page.locator("#app").evaluate(({ style }) => [style.top, style.bottom]), [
            "",
            "",
          ]);
          await page.click("#chat-close");
          await settled(page);
          equal(await page.locator(".tile").evaluate((tile) => tile.clientHeight > 400), true);
        });
      }),
  );
}

browserTest("a pinch does not move the page", (browser) =>
  withScene(browser, {}, async (scene) => {
    const { page } = scene;
    await enterCall(scene);
    await page.evaluate(() =>
      Object.defineProperty(visualViewport, "scale", { configurable: true, value: 2 })
    );
    await keyboard(page, 320);
    deepEqual(
      await page.evaluate(() => [
        document.getElementById("app")?.style.bottom,
        document.body.classList.contains("short"),
      ]),
      ["", false],
    );
  }));
