/// <reference lib="dom" />
/** Messages of people who are not in the call, and too many messages of those who are. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { clientTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest, phaseOf } from "../support/browser.ts";
import { enterCall, type Scene, withScene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";
import { until } from "../support/patience.ts";

const TEXTS = clientTexts("en");
const DOCTOR = `a-${PROVIDER.id}`;

browserTest("strangers and floods", async (browser, t) => {
  const step = (name: string, run: (scene: Scene) => Promise<void>) =>
    t.step(name, () =>
      withScene(browser, {}, async (scene) => {
        await enterCall(scene);
        await scene.pull("enter", DOCTOR, PROVIDER.id, null);
        await run(scene);
      }));
  const shown = async ({ page }: Scene) => ({
    captions: await page.locator("#captions p").allTextContents(),
    messages: await page.locator("#chat-list .text").allTextContents(),
    tiles: await page.locator(".tile bdi").allTextContents(),
    status: await page.locator("#status").textContent(),
  });
  const nothing = { captions: [], messages: [], tiles: [PROVIDER.name], status: TEXTS.inCall };
  const poor = { rung: 0, poor: true };
  await step(
    "nothing that a stranger sends is shown or obeyed until they are in the call",
    async (scene) => {
      const { page } = scene;
      await scene.pull("caption", "a-stranger", "stranger", "Call this number");
      await scene.pull("say", "stranger", { id: "1", text: "Call this number" });
      await scene.pull("say", "stranger", poor, "network");
      // Picture and screen of somebody who never joins.
      await scene.pull("screen", "a-stranger", "stranger");
      deepEqual(await shown(scene), nothing);
      // Nor does it pause the doctor's picture.
      equal(await page.locator("#app.poor").count(), 0);
      await scene.pull("enter", "a-stranger", "stranger", 30);
      await until(
        "their message counts",
        async () => (await shown(scene)).status === TEXTS.poorOther.replace("{name}", TEXTS.guest),
      );
      deepEqual((await shown(scene)).tiles, [
        PROVIDER.name,
        TEXTS.guest,
        TEXTS.screenOf.replace("{name}", TEXTS.guest),
      ]);
      await scene.pull("caption", "a-stranger", "stranger", "I am the interpreter");
      deepEqual((await shown(scene)).captions, [`${TEXTS.guest}: I am the interpreter`]);
      await scene.pull("exit", "a-stranger");
      await until(
        "their message no longer counts",
        async () => (await shown(scene)).status === TEXTS.inCall,
      );
      await scene.pull("say", "stranger", poor, "network");
      equal((await shown(scene)).status, TEXTS.inCall);
    },
  );
  await step(
    "a malformed message on any topic changes nothing and does not end the call",
    async (scene) => {
      for (const topic of ["chat", "network"]) {
        for (
          const data of [
            null,
            7,
            [],
            "text",
            { __proto__: null, id: {}, text: [] },
            { id: "x".repeat(2000), text: "x" },
            { id: "x", text: "y".repeat(3000) },
            { rung: "map", poor: true },
            { rung: 1e308, poor: true },
            { rung: 0, poor: "yes" },
          ]
        ) await scene.pull("say", PROVIDER.id, data, topic);
      }
      await scene.pull("caption", DOCTOR, PROVIDER.id, "\ud800".repeat(9) + "word ".repeat(2000));
      const { captions: [caption = ""], ...rest } = await shown(scene);
      deepEqual(rest, {
        messages: nothing.messages,
        tiles: nothing.tiles,
        status: nothing.status,
      });
      ok(caption.length < 400 && caption.endsWith("word "), `${caption.length} letters`);
      await scene.pull("say", PROVIDER.id, { id: "1", text: "\ud800 <b>Hello</b>" });
      deepEqual((await shown(scene)).messages.length, 1);
      equal(await phaseOf(scene.page), "in-call");
    },
  );
  await step(
    "of 10,000 messages at once only the newest are rendered, each once",
    async (scene) => {
      const { page } = scene;
      await page.click("#chat-open");
      const drawn = () =>
        page.evaluate(() => ({
          drawn: Reflect.get(globalThis, "drawn"),
          last: document.querySelector("#chat-list li:last-child .text")?.textContent,
          lines: document.querySelectorAll("#chat-list li").length,
          inSight: (document.querySelector("#chat-list li:last-child")?.getBoundingClientRect()
            .bottom ?? NaN) <=
            (document.getElementById("chat-scroll")?.getBoundingClientRect().bottom ?? NaN),
        }));
      await page.evaluate((doctor) => {
        Object.assign(globalThis, { drawn: 0 });
        const list = document.getElementById("chat-list") as HTMLElement;
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes) {
            Object.assign(globalThis, {
              drawn: Reflect.get(globalThis, "drawn") + addedNodes.length,
            });
          }
        }).observe(list, { childList: true });
        const { say } = Reflect.get(globalThis, "puppet");
        for (let at = 1; at <= 10_000; at++) say(doctor, { id: `${at}`, text: `${at}` });
      }, PROVIDER.id);
      await until("the last one", async () => (await drawn()).last === "10000");
      // The first at once, the newest 300 in the next frame: nothing that nobody could see.
      deepEqual(await drawn(), { drawn: 301, last: "10000", lines: 300, inSight: true });
      await page.click("#chat-close");
      await scene.pull("say", PROVIDER.id, { id: "after", text: "And one more" });
      await until(
        "the badge",
        async () => await page.locator("#chat-badge").textContent() === "1",
      );
      equal(await page.locator("#chat-list li").count(), 300);
    },
  );
});
