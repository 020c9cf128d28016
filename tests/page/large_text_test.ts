/// <reference lib="dom" />
import { equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest } from "../support/browser.ts";
import { faultsOfEveryScreen } from "./every_screen.ts";

/** What is cut off or out of reach with text at 200 % (WCAG 2.2, 1.4.4). */
function lost(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const name = (node: Element) => `${node.id || node.className || node.tagName}`;
    // Text for screen readers alone is clipped away.
    const clipped = (node: Element | null): boolean =>
      node !== null &&
      (getComputedStyle(node).clip !== "auto" || clipped(node.parentElement));
    const shown = (node: Element) =>
      node.getClientRects().length > 0 && node.closest("svg, [aria-hidden=true]") === null &&
      !clipped(node);
    const scrolls = (node: Element | null): boolean => {
      for (let at = node; at !== null; at = at.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return true;
      }
      return false;
    };
    const found: string[] = [];
    for (const node of document.querySelectorAll("body *")) {
      if (!shown(node)) continue;
      const box = node.getBoundingClientRect();
      if (box.right > innerWidth + 1 || box.left < -1) {
        found.push(`beyond the screen: ${name(node)}`);
      }
      const acts = node.matches("button, select, textarea, input, summary");
      if (!acts) continue;
      const out = box.bottom > innerHeight + 1 || box.top < -1;
      if (out && !scrolls(node.parentElement)) found.push(`out of reach: ${name(node)}`);
      const cut = node.scrollWidth > node.clientWidth + 1 ||
        node.scrollHeight > node.clientHeight + 1;
      if (cut && node.matches("button")) found.push(`cut off: ${name(node)}`);
    }
    return [...new Set(found)];
  });
}

browserTest(
  "with text at 200 % nothing is cut off or out of reach on any screen",
  async (browser) => {
    // French has the longest labels.
    const found = await faultsOfEveryScreen(browser, "fr", async (page) => {
      await page.evaluate(() => document.documentElement.style.fontSize = "200%");
      return await lost(page);
    });
    equal(found.join("\n"), "");
  },
);
