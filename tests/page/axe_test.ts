/// <reference lib="dom" />
import { deepEqual } from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import {
  problemPageHashes,
  renderProblemPage,
} from "../../supabase/functions/chime-page/page/problem_page.ts";
import { renderJoinPage } from "../../supabase/functions/chime-page/page/join_page.ts";
import { problemTexts } from "../../supabase/functions/chime-page/page/language.ts";
import { launchBrowser, newPhone } from "../support/browser.ts";
import { COMPANY, enterCall, openScene } from "./scenes.ts";
import { PROVIDER, until } from "./support.ts";

const LOOSE = { sanitizeOps: false, sanitizeResources: false };
/** WCAG 2.2 AA and everything it builds on. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds wrong, as `rule: element`. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async (tags) => {
    const run = Reflect.get(globalThis, "axe").run as (
      root: Document,
      options: unknown,
    ) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    const found = await run(document, {
      runOnly: tags,
      rules: { "target-size": { enabled: true } },
      resultTypes: ["violations"],
    });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`)
    );
  }, TAGS);
}

Deno.test({ name: "axe finds nothing on any screen, dark and light", ...LOOSE }, async (t) => {
  const browser = await launchBrowser();
  try {
    for (const dark of [true, false]) {
      for (const language of ["en", "ar"] as const) {
        const theme = `${dark ? "dark" : "light"}, ${language}`;
        await t.step(`a whole visit, ${theme}`, async () => {
          const scene = await openScene(browser, {
            phone: { dark },
            language,
            hosted: true,
            data: { self: PROVIDER },
          });
          const { page } = scene.phone;
          const found: string[] = [];
          const look = async (screen: string) => {
            found.push(...(await violations(page)).map((fault) => `${screen}: ${fault}`));
          };
          try {
            await look("before the call");
            await enterCall(scene);
            await look("alone");
            await scene.company(3);
            await scene.pull("mute", `a-${COMPANY[0]?.id}`, true);
            await look("in the call");
            await page.click("#more");
            await look("more");
            await page.keyboard.press("Escape");
            await page.click("#chat-open");
            await page.fill("#chat-text", "Good morning");
            await page.keyboard.press("Enter");
            await scene.pull("say", PROVIDER.id, { id: "1", text: "Hello" });
            await page.fill("#chat-text", "x".repeat(2100));
            await look("chat");
            await page.keyboard.press("Escape");
            await scene.pull("reconnect");
            await look("reconnecting");
            await page.click("#leave");
            await look("leave?");
            await page.click("#leave-only");
            await until(
              "left",
              async () => await page.getAttribute("body", "data-phase") === "left",
            );
            await look("left");
            await page.click("#bad");
            await look("what was wrong");
          } finally {
            await scene.close();
          }
          deepEqual(found, []);
        });
      }
      await t.step(`problem and join pages, ${dark ? "dark" : "light"}`, async () => {
        const cspMeta = `style-src '${problemPageHashes().style}'`;
        const phone = await newPhone(browser);
        await phone.page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
        const base = { language: "en", cspMeta } as const;
        const pages = [
          renderProblemPage({
            ...base,
            texts: problemTexts("en").busy,
            status: 503,
            requestId: "r-1",
          }),
          renderJoinPage({ ...base, action: "https://visits.example/1", pass: "p" }),
        ];
        const found: string[] = [];
        for (const { html } of pages) {
          await phone.page.setContent(html);
          found.push(...await violations(phone.page));
        }
        await phone.close();
        deepEqual(found, []);
      });
    }
  } finally {
    await browser.close();
  }
});
