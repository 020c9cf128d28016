/// <reference lib="dom" />
import { deepEqual, equal } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { SCREENS } from "../../tools/screens.ts";
import { browserTest, newPhone, phaseOf } from "../support/browser.ts";
import { cardPages } from "../support/card_pages.ts";
import { locatePackage } from "../support/large_packages.ts";
import { faultsOfEveryScreen } from "./every_screen.ts";
import { STAGES } from "../support/visit_page.ts";

/** WCAG 2.2 AA and everything it builds on. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const AXE = await readFile(await locatePackage("axe-core"), "utf8");

/** What axe reports in both themes, as `theme, rule: element`. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  // The lobby's button is always visible; what it covers can be scrolled out from under it.
  await page.evaluate(() => document.getElementById("card")?.scrollTo(0, 9_999));
  const found: string[] = [];
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const faults = await page.evaluate(async (tags) => {
      const run = Reflect.get(globalThis, "axe").run as (
        root: Document,
        options: unknown,
      ) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      const result = await run(document, {
        runOnly: tags,
        rules: { "target-size": { enabled: true } },
        resultTypes: ["violations"],
      });
      return result.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`)
      );
    }, TAGS);
    found.push(...faults.map((fault) => `${colorScheme}, ${fault}`));
  }
  return found;
}

browserTest("axe finds nothing on any screen, dark and light", async (browser, t) => {
  const met = new Set<string>();
  for (const language of ["en", "fr", "ar"] as const) {
    // The screenshots use the same list, so that neither forgets a screen.
    await t.step(`all ${SCREENS.length} screens of a visit, ${language}`, async () => {
      const found = await faultsOfEveryScreen(browser, language, async (page) => {
        met.add(await phaseOf(page) ?? "");
        return await violations(page);
      });
      equal(found.join("\n"), "");
    });
    await t.step(`problem and join pages, ${language}`, async () => {
      const phone = await newPhone(browser);
      const found: string[] = [];
      for (const [name, html] of cardPages(language)) {
        await phone.page.setContent(html);
        // With the open menu, which covers a part of the card.
        await phone.page.click(".languages summary");
        found.push(...(await violations(phone.page)).map((fault) => `${name}, menu, ${fault}`));
        await phone.page.click(".languages summary");
        found.push(...(await violations(phone.page)).map((fault) => `${name}, ${fault}`));
      }
      await phone.close();
      equal(found.join("\n"), "");
    });
  }
  await t.step("the list of screens covers every phase of a visit", () => {
    deepEqual([...met].sort(), [...STAGES].sort());
  });
});
