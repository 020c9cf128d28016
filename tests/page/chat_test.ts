/// <reference lib="dom" />
/** Writing and reading in the chat of a call. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { pageTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { COMPANY, enterCall, type Scene, withScene } from "../support/scene.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import { callWithDoctor, DOCTOR, keyboard, settled } from "./chat_steps.ts";

/** Puts the doctor into the call, and opens the chat. */
async function chatWithDoctor(scene: Scene): Promise<void> {
  await callWithDoctor(scene);
  await scene.page.click("#chat-open");
}

/** Lets the doctor write, and waits until it is shown. */
async function write(scene: Scene, id: string, text: string, from = PROVIDER.id): Promise<void> {
  await scene.pull("say", from, { id, text });
  await until(id, () =>
    scene.page.locator("#chat-list .text").evaluateAll(
      (all, text) => all.at(-1)?.textContent === text,
      text,
    ));
}

/** Whether the end of the last message is shown, where the list is, and whether the button is. */
const reading = (page: Page) =>
  page.evaluate(() => {
    const scroll = document.getElementById("chat-scroll") as HTMLElement;
    const last = document.querySelector("#chat-list li:last-child");
    const bottom = (node: Element | null) => node?.getBoundingClientRect().bottom ?? NaN;
    return {
      atEnd: bottom(last) <= bottom(scroll) + 1,
      top: Math.round(scroll.scrollTop),
      more: document.getElementById("chat-new")?.hidden === false,
    };
  });

browserTest(
  "Enter sends a message, except while an input method composes a word",
  (browser, t) =>
    withScene(browser, {}, async (scene) => {
      const { page } = scene;
      await chatWithDoctor(scene);
      const enter = (more: { isComposing?: boolean; keyCode?: number }) =>
        page.locator("#chat-text").evaluate((field, more) => {
          const event = { key: "Enter", keyCode: 13, bubbles: true, cancelable: true, ...more };
          return field.dispatchEvent(new KeyboardEvent("keydown", event));
        }, more);
      const count = () => page.locator("#chat-list li").count();
      await page.fill("#chat-text", "こんにちは");
      await t.step(
        "an Enter that belongs to the composition is left to the input method",
        async () => {
          equal(await enter({ isComposing: true }), true);
          // Safari: the composition has ended, and the key code is that of an input method.
          await page.locator("#chat-text").evaluate((field) =>
            field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }))
          );
          equal(await enter({ isComposing: false, keyCode: 229 }), true);
          equal(await count(), 0);
          equal(await page.inputValue("#chat-text"), "こんにちは");
        },
      );
      await t.step("the next Enter sends", async () => {
        equal(await enter({}), false);
        equal(await count(), 1);
        equal(await page.inputValue("#chat-text"), "");
      });
      await t.step("Shift and Enter begin a line", async () => {
        await page.focus("#chat-text");
        await page.keyboard.type("one");
        await page.keyboard.press("Shift+Enter");
        await page.keyboard.type("two");
        equal(await count(), 1);
        equal(await page.inputValue("#chat-text"), "one\ntwo");
      });
      await t.step("a phone's keyboard says that Enter sends", async () => {
        equal(await page.getAttribute("#chat-text", "enterkeyhint"), "send");
      });
      await t.step("an unfinished message is kept while the chat is closed", async () => {
        await page.click("#chat-close");
        await page.click("#chat-open");
        equal(await page.inputValue("#chat-text"), "one\ntwo");
      });
    }),
);

browserTest(
  "nothing moves the messages away from what a person reads",
  (browser, t) =>
    withScene(browser, {}, async (scene) => {
      const { page } = scene;
      await chatWithDoctor(scene);
      for (let number = 1; number <= 30; number++) await write(scene, `${number}`, `No. ${number}`);
      await settled(page);
      deepEqual((await reading(page)).atEnd, true);
      await t.step("the last message stays in view above a keyboard and a long text", async () => {
        for (const height of [300, 640]) {
          await keyboard(page, height);
          equal((await reading(page)).atEnd, true, `${height}`);
          const field = await page.locator("#chat-text").boundingBox();
          ok(field && field.y + field.height <= height, `${height}: ${JSON.stringify(field)}`);
        }
        for (const text of ["word ".repeat(60), ""]) {
          await page.fill("#chat-text", text);
          await settled(page);
          equal((await reading(page)).atEnd, true, text);
        }
        for (const size of [{ width: 640, height: 360 }, { width: 360, height: 640 }]) {
          await page.setViewportSize(size);
          await settled(page);
          equal((await reading(page)).atEnd, true, `${size.width}x${size.height}`);
        }
        equal((await reading(page)).more, false);
      });
      await t.step("older messages stay in view when messages come and while writing", async () => {
        await page.locator("#chat-scroll").evaluate((scroll) => scroll.scrollTop = 100);
        await settled(page);
        await write(scene, "31", "A new one");
        await settled(page);
        deepEqual(await reading(page), { atEnd: false, top: 100, more: true });
        await page.fill("#chat-text", "word ".repeat(60));
        await settled(page);
        equal((await reading(page)).top, 100);
        await keyboard(page, 300);
        equal((await reading(page)).top, 100);
        await keyboard(page, 640);
        await page.fill("#chat-text", "");
        await settled(page);
        deepEqual(await reading(page), { atEnd: false, top: 100, more: true });
      });
      await t.step("a button goes to the new messages", async () => {
        await page.click("#chat-new");
        await settled(page);
        const { atEnd, more } = await reading(page);
        deepEqual({ atEnd, more }, { atEnd: true, more: false });
        // The on-screen keyboard stays closed, and the arrow keys scroll.
        equal(await page.evaluate(() => document.activeElement?.id), "chat-scroll");
        await write(scene, "32", "Followed again");
        await settled(page);
        equal((await reading(page)).atEnd, true);
      });
      await t.step("scrolling to the end hides the button", async () => {
        await page.locator("#chat-scroll").evaluate((scroll) => scroll.scrollTop = 0);
        await settled(page);
        await write(scene, "33", "Below");
        equal((await reading(page)).more, true);
        await page.locator("#chat-scroll").evaluate((scroll) => scroll.scrollTop = 1e6);
        await page.waitForSelector("#chat-new", { state: "hidden" });
      });
      await t.step("an own message is shown at once", async () => {
        await page.locator("#chat-scroll").evaluate((scroll) => scroll.scrollTop = 0);
        await settled(page);
        await page.fill("#chat-text", "Mine");
        await page.keyboard.press("Enter");
        await settled(page);
        deepEqual((await reading(page)).atEnd, true);
      });
    }),
);

browserTest(
  "links in messages open outside of the page, and nothing else becomes markup",
  (browser) =>
    withScene(browser, {}, async (scene) => {
      const { page } = scene;
      await chatWithDoctor(scene);
      const long = `https://clinic.example/${"x".repeat(300)}`;
      const text =
        `<img src=x onerror=alert(1)> ${long}, و https://عيادة.example؟ javascript:alert(1)` +
        " http://clinic.example@evil.example";
      await write(scene, "1", text);
      const links = await page.locator("#chat-list a").evaluateAll((all) =>
        (all as HTMLAnchorElement[]).map((link) => ({
          text: link.textContent,
          href: link.href,
          target: link.target,
          rel: link.rel,
        }))
      );
      const outside = { target: "_blank", rel: "noopener noreferrer" };
      deepEqual(links, [
        { text: long, href: long, ...outside },
        { text: "https://عيادة.example", href: new URL("https://عيادة.example").href, ...outside },
      ]);
      equal(await page.locator("#chat-list img").count(), 0);
      equal(await page.locator("#chat-list .text").textContent(), text);
      const wide = await page.locator("#chat-scroll").evaluate((scroll) =>
        scroll.scrollWidth - scroll.clientWidth
      );
      ok(wide <= 0, `${wide} px`);
      const popup = page.context().waitForEvent("page");
      await page.context().route(
        "https://clinic.example/**",
        (route) => route.fulfill({ body: "" }),
      );
      await page.locator("#chat-list a").first().click({ position: { x: 10, y: 8 } });
      const opened = await popup;
      equal(
        await opened.evaluate(() => opener),
        null,
      );
      await opened.close();
      equal(await page.getAttribute("body", "data-phase"), "in-call");
    }),
);

browserTest(
  "messages have times, and a sender's name once in a row",
  (browser, t) =>
    withScene(browser, { group: true, phone: { timezone: "Africa/Douala" } }, async (scene) => {
      const { page } = scene;
      await chatWithDoctor(scene);
      const clock = (time: string) => page.clock.setFixedTime(new Date(`2026-11-23T${time}Z`));
      /** What is visible above each message. */
      const heads = () =>
        page.locator("#chat-list .by").evaluateAll((all) =>
          all.map((head) =>
            [...head.children].filter((one) => !one.classList.contains("unseen"))
              .map((one) => one.textContent).join(" ")
          )
        );
      const [marie] = COMPANY;
      ok(marie);
      await clock("13:05:00");
      await write(scene, "1", "1");
      await write(scene, "2", "2");
      await clock("13:07:00");
      await write(scene, "3", "3");
      await write(scene, "4", "4", marie.id);
      await write(scene, "5", "5");
      for (const id of ["a-x", "a-y"]) await scene.pull("enter", id, id.slice(2), null);
      // Two guests with the same name are two people.
      await write(scene, "6", "6", "x");
      await write(scene, "7", "7", "y");
      await page.fill("#chat-text", "Mine");
      await page.keyboard.press("Enter");
      await until("mine", async () => await page.locator("#chat-list li").count() === 8);
      const expected = [
        `${PROVIDER.name} 14:05`,
        "",
        "14:07",
        `${marie.name} 14:07`,
        `${PROVIDER.name} 14:07`,
        "Guest 14:07",
        "Guest 14:07",
        "14:07",
      ];
      deepEqual(await heads(), expected);
      await t.step("the whole is there for screen readers", async () => {
        deepEqual(
          await page.locator("#chat-list .from").allTextContents(),
          [PROVIDER, PROVIDER, PROVIDER, marie, PROVIDER].map(({ name }) => name)
            .concat("Guest", "Guest"),
        );
      });
      await t.step("a change of the language formats the times again", async () => {
        await page.evaluate("chimePage.send({ command: 'language', language: 'ar' })");
        await page.waitForSelector("html[lang=ar]", { state: "attached" });
        match((await heads())[0] ?? "", /2:05 م$/);
      });
    }),
);

browserTest(
  "the chat's list is a log, and says the state of own messages",
  (browser, t) =>
    withScene(browser, {}, async (scene) => {
      const { page } = scene;
      await enterCall(scene);
      await page.click("#chat-open");
      const states = () =>
        page.locator("#chat-list .state:not(.unseen)").evaluateAll((all) =>
          all.map((one) => (one as HTMLElement).innerText)
        );
      const send = async (text: string) => {
        await page.fill("#chat-text", text);
        await page.keyboard.press("Enter");
        await page.waitForSelector(`#chat-list .text >> text="${text}"`);
        return await page.evaluate(() => Reflect.get(globalThis, "puppet").lastId());
      };
      equal(await page.getAttribute("#chat-scroll", "role"), "log");
      const first = await send("Good morning");
      await t.step("alone in the call, a message waits for the other person", async () => {
        deepEqual(await states(), [`Will be delivered when ${PROVIDER.name} joins`]);
        equal(await page.locator("#chat-list [data-state=sent]").count(), 0);
      });
      await t.step("it is sent once the other person has it", async () => {
        await scene.pull("enter", DOCTOR, PROVIDER.id, 200);
        await until("sending", async () => (await states()).join() === "Sending…");
        equal(await page.evaluate(() => Reflect.get(globalThis, "puppet").lastId()), first);
        await scene.pull("say", PROVIDER.id, { ack: first });
        await until("sent", async () => (await states()).join() === "Sent");
      });
      await t.step(
        "several that were sent say so once, one that was not says so itself",
        async () => {
          for (const text of ["It hurts", "here"]) {
            await scene.pull("say", PROVIDER.id, { ack: await send(text) });
          }
          await until("all sent", async () =>
            await page.locator("#chat-list [data-state=sent]").count() === 3);
          deepEqual(await states(), ["Sent"]);
          await send("Is it dangerous?");
          await scene.pull("throttle");
          await until("not sent", async () =>
            /Not sent/.test((await states()).at(-1) ?? ""));
          deepEqual((await states())[0], "Sent");
        },
      );
      await t.step("a message that did not arrive waits if the other person has left", async () => {
        await scene.pull("exit", DOCTOR);
        await until(
          "waiting",
          async () => (await states()).at(-1) === `Will be delivered when ${PROVIDER.name} joins`,
        );
        equal(await page.locator("#chat-list .again").count(), 0);
      });
      deepEqual(pageTexts("en").newMessages, "New messages");
    }),
);

browserTest(
  "with several people invited, a message waits for whoever joins",
  (browser) =>
    withScene(browser, { group: true, data: { self: PATIENT } }, async (scene) => {
      const { page } = scene;
      await enterCall(scene);
      await page.click("#chat-open");
      await page.fill("#chat-text", "Hello");
      await page.keyboard.press("Enter");
      equal(
        await page.locator("#chat-list .state").innerText(),
        "Will be delivered when someone joins",
      );
    }),
);
