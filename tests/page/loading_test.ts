/// <reference lib="dom" />
/** Loading the SDK and the bundles: what the page retries by itself, and when it asks the person. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts, pageTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest, phaseOf, untilPhase } from "../support/browser.ts";
import { hostEvents, sendCommand } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { type CdnPage, type CdnPageOptions, withCdnPage } from "./cdn_page.ts";

/** What the telemetry says about loading. */
const effort = async ({ page, visit }: CdnPage) => {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await until("telemetry", () => visit.events.some(({ name }) => name === "sdk"));
  return visit.events.find(({ name }) => name === "sdk")?.data;
};
const errors = async ({ page }: CdnPage) =>
  (await hostEvents(page)).filter((line) => line.startsWith("error"));
/** Lets files whose address matches arrive only once the returned function is called. */
async function hold(page: Page, pattern: string): Promise<() => void> {
  let arrive = () => {};
  const arrived = new Promise<void>((done) => arrive = done);
  await page.route(pattern, async (route) => {
    await arrived;
    await route.continue();
  });
  return () => arrive();
}
/** Texts and labels on the page that are not those of a language. */
const untranslated = (page: Page, language: "sw") =>
  page.evaluate((texts: Record<string, string>) => {
    const elements = [...document.querySelectorAll<HTMLElement>("[data-text],[data-label]")];
    return elements.flatMap((element) => {
      const { text, label, name, count } = element.dataset;
      // Sentences with values are tested with the language switch.
      if (name !== undefined || count !== undefined) return [];
      return [
        ...(text && element.textContent !== texts[text] ? [text] : []),
        ...(label && element.getAttribute("aria-label") !== texts[label] ? [label] : []),
      ];
    });
  }, { ...pageTexts(language), ...clientTexts(language) });
const FAULTS = [
  { kind: "wrong-bytes" },
  { kind: "status", status: 403 },
  { kind: "reset" },
] as const;

browserTest("loading the SDK and the bundles", async (browser, t) => {
  const step = (
    name: string,
    run: (page: CdnPage) => Promise<void>,
    { changes = {}, ...options }: CdnPageOptions & { changes?: Partial<VisitPageData> } = {},
  ) => t.step(name, () => withCdnPage(browser, changes, run, options));

  await step("without faults each file is requested once", async (test) => {
    await test.page.goto(test.visit.url);
    await untilPhase(test.page, "connecting");
    deepEqual(await effort(test), { again: 0, elsewhere: false });
    deepEqual([test.cdn.requests().length, test.visit.files], [1, 2]);
  }, { fallback: true });

  for (const fault of FAULTS) {
    await step(`${fault.kind} once: the page retries without telling anybody`, async (test) => {
      test.cdn.fail(fault, 1);
      await test.page.goto(test.visit.url);
      await untilPhase(test.page, "connecting");
      deepEqual(await errors(test), []);
      deepEqual(await effort(test), { again: 1, elsewhere: false });
      match(test.cdn.requests().at(-1)?.path ?? "", /\?retry=/);
    });

    await step(
      `${fault.kind} every time: the page fails after three tries and offers Try again`,
      async (test) => {
        const { page, cdn } = test;
        cdn.fail(fault);
        await page.goto(test.visit.url);
        await untilPhase(page, "failed");
        equal(cdn.requests().length, 3);
        deepEqual(await errors(test), ["error/SDK_LOAD_FAILED"]);
        ok(!(await hostEvents(page)).some((line) => line.startsWith("ended")));
        equal(await page.evaluate(() => "ChimeSDK" in globalThis), false);
        match(await page.locator("#card-title").innerText(), /did not load/);
        cdn.heal();
        await page.click("#action");
        await untilPhase(page, "connecting");
      },
    );

    await step(
      `${fault.kind} every time, with a second origin: the page uses that one at once`,
      async (test) => {
        test.cdn.fail(fault);
        await test.page.goto(test.visit.url);
        await untilPhase(test.page, "connecting");
        deepEqual([test.cdn.requests().length, test.fallback.requests().length], [1, 1]);
        deepEqual(await effort(test), { again: 1, elsewhere: true });
      },
      { fallback: true },
    );
  }

  await step("an origin that hangs is given up for the second one", async (test) => {
    test.cdn.fail({ kind: "hang" });
    await test.page.clock.install();
    await test.page.goto(test.visit.url, { waitUntil: "domcontentloaded" });
    equal(test.fallback.requests().length, 0);
    await test.page.clock.fastForward(20_000);
    await untilPhase(test.page, "connecting");
    deepEqual(await errors(test), []);
    equal(test.fallback.requests().length, 1);
  }, { fallback: true, timeoutMs: 30_000 });

  await step(
    "a file that takes too long is a timeout, and is still used when it arrives",
    async ({ page, visit }) => {
      const arrive = await hold(page, "**/*.min.js");
      await page.goto(visit.url, { waitUntil: "domcontentloaded" });
      await until("a timeout", async () => (await hostEvents(page)).includes("error/SDK_TIMEOUT"));
      equal(await phaseOf(page), "failed");
      ok(await page.locator("#action").isVisible());
      // Nobody taps.
      arrive();
      await untilPhase(page, "connecting");
    },
    { timeoutMs: 100 },
  );

  await step(
    "until the in-call bundle arrives the lobby works, and the call is in the language chosen there",
    async ({ page, phone, visit }) => {
      const arrive = await hold(page, "**/files/call-*");
      await page.goto(visit.url, { waitUntil: "domcontentloaded" });
      await untilPhase(page, "lobby");
      await page.click("#more");
      await page.selectOption("#theme", "dark");
      equal(await page.getAttribute("html", "data-theme"), "dark");
      await page.selectOption("#language", "sw");
      const title = () => page.locator("#join").textContent();
      await until("Swahili", async () => await title() === clientTexts("sw").joinNow);
      deepEqual(await untranslated(page, "sw"), []);
      await page.keyboard.press("Escape");
      const pressed = () => page.getAttribute("#try-mic", "aria-pressed");
      await page.click("#try-mic");
      equal(await pressed(), "false");
      const uses = await page.locator("#use option").allInnerTexts();
      ok(uses[2]?.startsWith(clientTexts("sw").useSound.split("{")[0] ?? ""), uses.join());
      await page.selectOption("#use", { index: 2 });
      await page.waitForSelector("#look", { state: "hidden" });
      await page.click("#join");
      await untilPhase(page, "loading");
      equal(await page.locator("#stage").count(), 0);

      arrive();
      await untilPhase(page, "connecting");
      const label = pageTexts("sw").message;
      equal(await page.getAttribute("#chat-text", "placeholder"), label);
      deepEqual(await untranslated(page, "sw"), []);
      // The choices of the lobby hold in the call, and what it says later is translated, too.
      await until("muted", async () => await page.getAttribute("#mic", "data-state") === "off");
      equal(await page.locator("#mic-label").textContent(), clientTexts("sw").unmute);
      await sendCommand(page, { command: "unmute" });
      await until("on", async () => await page.getAttribute("#mic", "data-state") === "on");
      equal(await page.locator("#mic-label").textContent(), clientTexts("sw").mute);
      deepEqual(phone.errors, []);
    },
    { changes: { lobby: true } },
  );

  await step("files that fail before the rest of the document arrives", async (test) => {
    const { page, cdn, visit } = test;
    cdn.fail(FAULTS[0], 1);
    visit.missing = 2;
    const { promise, resolve: arrive } = Promise.withResolvers<void>();
    visit.rest = promise;
    await page.goto(visit.url, { waitUntil: "commit" });
    await until(
      "failures",
      () => page.evaluate(() => Reflect.get(globalThis, "failedEarly")?.length === 3),
    );
    arrive();
    await untilPhase(page, "connecting");
    deepEqual(await errors(test), []);
    deepEqual(await effort(test), { again: 3, elsewhere: false });
  });

  await step("a bundle that is missing once, as during a release", async (test) => {
    test.visit.missing = 1;
    await test.page.goto(test.visit.url);
    await untilPhase(test.page, "connecting");
    deepEqual(await effort(test), { again: 1, elsewhere: false });
    deepEqual([test.cdn.requests().length, test.visit.files], [1, 3]);
  });

  await step(
    "bundles that stay missing: the page fails, and the person can leave",
    async ({ page, phone, visit }) => {
      visit.missing = Infinity;
      await page.goto(visit.url);
      await untilPhase(page, "failed");
      await page.click("#leave");
      await untilPhase(page, "left");
      // Closing the page is up to the host, whether there was a call or not.
      await page.click("#done");
      ok((await hostEvents(page)).includes("close/USER_DONE"));
      deepEqual(phone.errors, []);
    },
  );
});
