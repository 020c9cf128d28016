/// <reference lib="dom" />
import { equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, newPhone } from "../support/browser.ts";
import { cardPages } from "../support/card_pages.ts";
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
      node.checkVisibility({ visibilityProperty: true }) &&
      node.closest("svg, [aria-hidden=true]") === null &&
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

/** Text in another size than the four of base.css. */
function otherSizes(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = getComputedStyle(document.documentElement);
    const sizes = ["small", "body", "heading", "title"].map((name) =>
      parseFloat(root.getPropertyValue(`--type-${name}`)) * parseFloat(root.fontSize)
    );
    const hasText = (node: Element) =>
      node.matches("select, textarea") ||
      [...node.childNodes].some(({ nodeType, textContent }) =>
        nodeType === Node.TEXT_NODE && textContent?.trim()
      );
    return [...document.querySelectorAll("body *")].filter((node) =>
      hasText(node) && node.getClientRects().length > 0 &&
      // Initials are a symbol.
      !node.matches(".face") && !sizes.includes(parseFloat(getComputedStyle(node).fontSize))
    ).map((node) =>
      `${getComputedStyle(node).fontSize}: ${node.id || node.className || node.tagName}`
    );
  });
}

browserTest("problem and join pages use four type sizes", async (browser) => {
  const phone = await newPhone(browser);
  const found: string[] = [];
  for (const width of [360, 1280]) {
    await phone.page.setViewportSize({ width, height: 640 });
    for (const [name, html] of cardPages("fr")) {
      await phone.page.setContent(html);
      await phone.page.click(".languages summary");
      found.push(...(await otherSizes(phone.page)).map((fault) => `${name}, ${width}, ${fault}`));
    }
  }
  await phone.close();
  equal(found.join("\n"), "");
});

browserTest(
  "every screen uses four type sizes, and at 200 % nothing is cut off or out of reach",
  async (browser) => {
    // French has the longest labels.
    const found = await faultsOfEveryScreen(browser, "fr", async (page) => {
      const sizes = await otherSizes(page);
      await page.evaluate(() => document.documentElement.style.fontSize = "200%");
      return [...sizes, ...await lost(page)];
    });
    equal(found.join("\n"), "");
  },
);
