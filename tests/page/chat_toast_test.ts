/// <reference lib="dom" />
/** A new message while the chat is closed. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, untilPhase } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { type Scene, withScene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { callWithDoctor } from "./chat_steps.ts";

const LONG = "كيف حالك؟ ".repeat(60).trim();

/** What the toast says; null while it is hidden. */
const toast = (page: Page) =>
  page.evaluate(() => {
    const from = document.getElementById("toast-from")?.textContent;
    const text = document.getElementById("toast-text")?.textContent;
    return document.getElementById("toast")?.hidden ? null : `${from}: ${text}`;
  });

/** Waits until the doctor's message is shown over the call. */
async function receive(scene: Scene, id: string, text: string): Promise<void> {
  await scene.pull("say", PROVIDER.id, { id, text });
  await until(text, async () => await toast(scene.page) === `${PROVIDER.name}: ${text}`);
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

browserTest(
  "a new message is shown over the call for a moment, with its sender",
  (browser, t) =>
    withScene(browser, { hosted: true }, async (scene) => {
      const { page } = scene;
      await callWithDoctor(scene);
      await page.clock.install();
      await t.step("it goes away by itself, and the count of unread messages stays", async () => {
        await receive(scene, "1", "Good morning");
        await receive(scene, "2", "<b>How are you?</b>");
        await page.clock.fastForward(8_000);
        equal(await toast(page), null);
        equal(await page.locator("#chat-badge").innerText(), "2");
      });
      await t.step("it is announced once, without a second live region", async () => {
        await page.evaluate(() => {
          Object.assign(globalThis, { announced: 0 });
          new MutationObserver(() =>
            Object.assign(globalThis, { announced: Reflect.get(globalThis, "announced") + 1 })
          ).observe(document.getElementById("announce") as HTMLElement, { childList: true });
        });
        await receive(scene, "3", "Once");
        // Emptied and written in one step.
        equal(await page.evaluate(() => Reflect.get(globalThis, "announced")), 1);
        equal(await page.locator("#announce").innerText(), `New message from ${PROVIDER.name}`);
        equal(
          await page.evaluate(() =>
            document.getElementById("toast")?.closest("[aria-live], [role=status], [role=alert]")
          ),
          null,
        );
      });
      await t.step("it stays while it has the focus, and for a while after", async () => {
        await page.focus("#toast");
        await page.clock.fastForward(8_000);
        await page.clock.fastForward(8_000);
        equal(await toast(page), `${PROVIDER.name}: Once`);
        await page.locator("#toast").evaluate((button) => button.blur());
        await page.clock.fastForward(8_000);
        equal(await toast(page), null);
      });
      await t.step("a tap opens the chat at its end, without the on-screen keyboard", async () => {
        await receive(scene, "4", "Tap me");
        await page.click("#toast");
        equal(await page.locator("#chat").isVisible(), true);
        equal(await focused(page), "chat-scroll");
        equal(await toast(page), null);
        equal(await page.locator("#chat-badge").isVisible(), false);
        equal(await page.locator("#chat-list li:last-child .text").innerText(), "Tap me");
      });
      await t.step("while the chat is open, there is none", async () => {
        await scene.pull("say", PROVIDER.id, { id: "5", text: "In sight" });
        await until("the message", async () => await page.locator("#chat-list li").count() === 5);
        equal(await toast(page), null);
        await page.keyboard.press("Escape");
        equal(await focused(page), "chat-open");
        await page.keyboard.press("Enter");
        equal(await focused(page), "chat-text");
        await page.keyboard.press("Escape");
      });
      await t.step(
        "a long message is cut, in its own direction, and covers no control",
        async () => {
          for (const size of [{ width: 360, height: 640 }, { width: 640, height: 360 }]) {
            await page.setViewportSize(size);
            await receive(scene, `long ${size.width}`, LONG);
            const { lines, style, covered } = await page.evaluate(() => {
              const text = document.getElementById("toast-text") as HTMLElement;
              const box = document.getElementById("toast")?.getBoundingClientRect() as DOMRect;
              const style = getComputedStyle(text);
              return {
                lines: text.clientHeight / parseFloat(style.lineHeight),
                style: style.direction,
                covered: ["mic", "camera", "chat-open", "more", "leave", "self"].filter((id) => {
                  const other = document.getElementById(id)?.getBoundingClientRect() as DOMRect;
                  return other.left < box.right && box.left < other.right &&
                    other.top < box.bottom &&
                    box.top < other.bottom;
                }),
              };
            });
            ok(lines < 2.5, `${lines} lines`);
            deepEqual([style, covered], ["rtl", []]);
          }
        },
      );
      await t.step("it goes with the call, and hosts hear nothing of it", async () => {
        await receive(scene, "last", "Goodbye");
        await page.click("#leave");
        await untilPhase(page, "left");
        equal(await toast(page), null);
        const heard = await page.evaluate(() => JSON.stringify(Reflect.get(globalThis, "heard")));
        ok(!/Goodbye|message|chat/.test(heard), heard);
      });
    }),
);
