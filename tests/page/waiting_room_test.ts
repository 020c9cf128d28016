/// <reference lib="dom" />
/** The waiting room: what it says while a person waits, and how it calls them when the visit starts. */
import { deepEqual, equal, match } from "node:assert/strict";
import type { Page } from "playwright-core";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest, untilPhase } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { settled } from "./sight.ts";
import { COMPANY, enterCall, withScene } from "../support/scene.ts";
import { DEAD_JOIN, PATIENT, PROVIDER } from "../support/visit_page.ts";

const TEXTS = clientTexts("en");
const WAITING = { state: "waiting", join: null } as const;
const about = (text: string) => text.replace("{name}", PROVIDER.name);

/** Notes tones, vibrations and titles. Chromium would refuse to vibrate before the first tap. */
const noteCalls = (page: Page) =>
  page.addInitScript(() => {
    const noted: string[] = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when) {
      noted.push(`note ${Math.round(this.frequency.value)}`);
      start.call(this, when);
    };
    navigator.vibrate = (pattern) => noted.push(`vibrate ${pattern}`) > 0;
    Object.assign(globalThis, { noted });
    addEventListener("DOMContentLoaded", () => {
      const title = document.querySelector("title") as Node;
      new MutationObserver(() => noted.push(document.title)).observe(title, { childList: true });
    });
  });
const noted = (page: Page) => page.evaluate<string[]>("noted");
const CALLED = ["note 523", "note 659", "note 784", "vibrate 200,100,200"];
const called = async (page: Page) =>
  (await noted(page)).filter((one) => CALLED.includes(one)).sort();

browserTest("the waiting room", async (browser, t) => {
  await t.step(
    "says that a person is checked in and since when, also after a reload",
    () =>
      withScene(browser, { data: WAITING }, async ({ page }) => {
        const since = page.locator("#since");
        await since.waitFor();
        equal(await page.locator(".waiting .title").innerText(), TEXTS.checkedIn);
        match(await since.innerText(), /^Since \d\d:\d\d$/);
        equal(await page.locator(".check .icon").isVisible(), true);
        equal(await page.locator("#card > .face").isVisible(), false);
        // As if the person had come hours ago.
        await page.evaluate(() => {
          const key = Object.keys(sessionStorage).find((each) => each.endsWith(":since")) ?? "";
          sessionStorage.setItem(key, "2026-11-23T06:05:00Z");
        });
        await page.reload();
        await until("the first time", async () => await since.innerText() === "Since 07:05");
      }),
  );
  await t.step(
    "a person with a lobby is checked in once they are ready",
    () =>
      withScene(browser, { data: { ...WAITING, lobby: true } }, async ({ page }) => {
        await page.waitForSelector("#use");
        equal(await page.locator("#since").isVisible(), false);
        await page.click("#join");
        await page.locator("#since").waitFor();
        equal(await page.locator("#join").isVisible(), false);
      }),
  );
  await t.step(
    "says that the other person knows only while their page is open",
    () =>
      withScene(browser, { data: WAITING }, async ({ page, visit, phone }) => {
        const told = (text: string) =>
          until(text, async () => await page.locator("#told").innerText() === text);
        await told(about(TEXTS.willSee));
        visit.present = [PROVIDER.id, PATIENT.id];
        await told(about(TEXTS.told));
        equal(await page.locator("#told bdi").innerText(), PROVIDER.name);
        visit.present = [PATIENT.id];
        await told(about(TEXTS.willSee));
        await phone.context.setOffline(true);
        await told("");
      }),
  );
});

browserTest("when the visit starts", async (browser, t) => {
  await t.step(
    "a sound, a vibration and the title call a person without a lobby",
    () =>
      withScene(browser, { data: WAITING, before: noteCalls }, async ({ page, visit }) => {
        await page.locator("#since").waitFor();
        deepEqual(await noted(page), []);
        visit.join = DEAD_JOIN;
        visit.status = "open";
        await untilPhase(page, "in-call");
        await until(
          "the call for attention",
          async () => (await called(page)).join() === CALLED.join(),
        );
        deepEqual((await noted(page)).filter((one) => one.startsWith("●")), [
          `● ${TEXTS.starting}`,
        ]);
        equal(await page.locator(".waiting").first().isVisible(), false);
      }),
  );
  await t.step(
    "a person in the lobby who is not ready yet is called too",
    () =>
      withScene(
        browser,
        { data: { ...WAITING, lobby: true }, before: noteCalls },
        async (scene) => {
          const { page, visit } = scene;
          await page.waitForSelector("#use");
          visit.join = DEAD_JOIN;
          visit.status = "open";
          await untilPhase(page, "lobby");
          await until(
            "the call for attention",
            async () => (await called(page)).join() === CALLED.join(),
          );
        },
      ),
  );
  await t.step(
    "the title is the page's own again once the person has looked",
    () =>
      withScene(browser, { data: WAITING }, async ({ page, visit }) => {
        await page.locator("#since").waitFor();
        const title = await page.title();
        const look = (state: string) =>
          page.evaluate((value) => {
            Object.defineProperty(document, "visibilityState", { value, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
          }, state);
        await look("hidden");
        visit.join = DEAD_JOIN;
        visit.status = "open";
        await until("the title", async () => await page.title() === `● ${TEXTS.starting}`);
        await look("visible");
        equal(await page.title(), title);
      }),
  );
  await t.step(
    "a page that opens while the visit runs makes no sound",
    () =>
      withScene(browser, { before: noteCalls }, async (scene) => {
        await enterCall(scene);
        deepEqual(await called(scene.page), []);
      }),
  );
});

browserTest(
  "somebody who joins the call is heard once",
  (browser) =>
    withScene(browser, { group: true, before: noteCalls }, async (scene) => {
      const { page } = scene;
      // The clock of the page, because everyone within three seconds was there before.
      await page.evaluate(() => {
        const now = performance.now.bind(performance);
        let ahead = 0;
        performance.now = () => now() + ahead;
        Object.assign(globalThis, { skip: (milliseconds: number) => ahead += milliseconds });
      });
      const notes = async () => (await noted(page)).filter((one) => one.startsWith("note"));
      const enter = async (id: string) => {
        await scene.pull("enter", `a-${id}`, id, 200);
        await page.waitForSelector(".tile");
      };
      await enterCall(scene);
      await enter(PATIENT.id);
      await page.evaluate("skip(10_000)");
      await enter(PROVIDER.id);
      await until("the tone", async () => (await notes()).join() === "note 659,note 880");
      await page.evaluate("skip(10_000)");
      await scene.pull("exit", `a-${PROVIDER.id}`);
      await enter(PROVIDER.id);
      await page.evaluate("skip(10_000)");
      await enter(COMPANY[0]?.id ?? "");
      await until("the second tone", async () => (await notes()).length >= 4);
      await settled(page);
      equal((await notes()).length, 4);
    }),
);
