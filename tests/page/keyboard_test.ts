/// <reference lib="dom" />
/** The page by keyboard, and what a screen reader announces. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, phaseOf, untilInPage, untilPhase } from "../support/browser.ts";
import { hostEvents } from "../support/page_host.ts";
import { withScene } from "../support/scene.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import { until } from "../support/patience.ts";

/** What has the focus: its id, or its accessible text. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const active = document.activeElement;
    return active?.id || active?.closest("[id]")?.id + " " + (active?.textContent ?? "").trim();
  });

/** Presses Tab until `id` has the focus; fails after a whole round without it. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let steps = 0; steps < 30; steps++) {
    await page.keyboard.press("Tab");
    if (await focused(page) !== id) continue;
    const hidden = await page.evaluate(() => {
      const box = document.activeElement?.getBoundingClientRect();
      if (box === undefined) return true;
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return !document.activeElement?.contains(top) && !top?.contains(document.activeElement);
    });
    ok(!hidden, `${id} has the focus but cannot be seen`);
    return;
  }
  throw new Error(`Cannot reach #${id} by Tab`);
}

browserTest(
  "the lobby's fixed button never covers the element that has the focus",
  (browser) =>
    withScene(browser, { data: { lobby: true } }, async (scene) => {
      const { page } = scene;
      await page.waitForSelector("#lobby:not([hidden])");
      await untilInPage(page, () => "puppet" in globalThis);
      await scene.pull("stall");
      for (let steps = 0, met = ""; met !== "join"; steps++) {
        ok(steps < 30, "Cannot reach #join by Tab");
        await page.keyboard.press("Tab");
        // Radio buttons are one tab stop; arrow keys move between them.
        for (const key of ["", "ArrowDown", "ArrowDown"]) {
          if (key !== "") await page.keyboard.press(key);
          const [id, free, radio] = await page.evaluate(() => {
            const active = document.activeElement as HTMLElement;
            const box = active.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return [active.id, active.contains(top), active.matches("[type=radio]")] as const;
          });
          ok(free || id === "", `${id} has the focus but cannot be seen`);
          ok(free || !radio, "a radio button has the focus but cannot be seen");
          met = id;
          if (!radio) break;
        }
      }
      await page.keyboard.press("Enter");
      await untilPhase(page, "connecting");
      // The card no longer asks the person to join.
      equal(await page.locator("#card-text").textContent(), "");
    }),
);

browserTest(
  "a visit by keyboard alone",
  (browser, t) =>
    withScene(browser, { hosted: true, data: { lobby: true, self: PROVIDER } }, async (scene) => {
      const { page } = scene;
      const activate = async (id: string) => {
        await tabTo(page, id);
        await page.keyboard.press("Enter");
      };
      await t.step("it begins in the lobby, where the microphone is tried", async () => {
        await page.waitForSelector("#more");
        const wanted = () => page.getAttribute("#try-mic", "aria-pressed");
        await activate("try-mic");
        equal(await wanted(), "false");
        await page.keyboard.press("Enter");
        equal(await wanted(), "true");
        await activate("join");
        await untilPhase(page, "in-call");
      });
      await scene.pull("enter", `a-${PATIENT.id}`, PATIENT.id, 200);
      await t.step("the self view moves by arrow keys and by Enter", async () => {
        await tabTo(page, "self-move");
        const corner = () => page.getAttribute("#self", "data-corner");
        equal(await corner(), "3");
        await page.keyboard.press("ArrowUp");
        equal(await corner(), "1");
        await page.keyboard.press("Enter");
        equal(await corner(), "3");
      });
      await t.step(
        "the microphone is muted, and its label says what the next press does",
        async () => {
          await activate("mic");
          const announced = () => page.locator("#announce").innerText();
          const named = (name: string) => page.getByRole("button", { name, exact: true }).count();
          deepEqual([await named("Unmute"), await named("Mute")], [1, 0]);
          equal(await announced(), "You, microphone off");
          // Also when something else unmuted it.
          await page.evaluate("chimePage.send({ command: 'unmute' })");
          deepEqual([await named("Unmute"), await named("Mute")], [0, 1]);
          equal(await announced(), "You, microphone on");
        },
      );
      await t.step(
        "a message is written and sent, and Escape returns to the button",
        async () => {
          await activate("chat-open");
          equal(await focused(page), "chat-text");
          await page.keyboard.type("Good morning");
          await page.keyboard.press("Enter");
          match(await page.locator("#chat-list").innerText(), /Good morning\s+Sending/);
          await page.keyboard.press("Escape");
          equal(await focused(page), "chat-open");
        },
      );
      await t.step(
        "an unread message is counted on the button and announced with its sender",
        async () => {
          await scene.pull("say", PATIENT.id, { id: "1", text: "<b>Hello</b> https://x.example" });
          equal(await page.getAttribute("#chat-open", "aria-label"), "Chat, 1 unread");
          equal(await page.locator("#announce").innerText(), `New message from ${PATIENT.name}`);
          await activate("chat-open");
          equal(await page.getAttribute("#chat-open", "aria-label"), null);
          equal(await page.locator("#chat-list b").count(), 0);
          await page.keyboard.press("Escape");
        },
      );
      await t.step("the newest message stays visible while a long one is written", async () => {
        for (let more = 2; more < 12; more++) {
          await scene.pull("say", PATIENT.id, { id: String(more), text: `${more}` });
        }
        await activate("chat-open");
        await page.fill("#chat-text", "And another question. ".repeat(20));
        const hidden = await page.evaluate(() => {
          const bottom = (selector: string) =>
            document.querySelector(selector)?.getBoundingClientRect().bottom ?? 0;
          return bottom("#chat-list li:last-child") - bottom("#chat-scroll");
        });
        ok(hidden <= 0, `${hidden} px`);
        await page.fill("#chat-text", "");
        await page.keyboard.press("Escape");
      });
      await t.step("a sheet takes the focus, keeps it, and returns it", async () => {
        await activate("more");
        for (let steps = 0; steps < 12; steps++) {
          await page.keyboard.press("Tab");
          ok(
            await page.evaluate(() => {
              const active = document.activeElement;
              return active === document.body || active?.closest("#more-sheet") !== null;
            }),
          );
        }
        await page.keyboard.press("Escape");
        equal(await focused(page), "more");
      });
      await t.step("what others do is announced", async () => {
        const announced = () => page.locator("#announce").innerText();
        await scene.pull("enter", "a-3", "nobody", null);
        await until("the guest", async () => /Guest/.test(await announced()));
        await scene.pull("exit", "a-3");
        match(await announced(), /left/);
        // Two guests join with the same announcement: it is made twice.
        await page.evaluate(() => {
          const said: string[] = [];
          Reflect.set(globalThis, "said", said);
          new MutationObserver((records) => {
            for (const { addedNodes: [node] } of records) {
              if (node?.textContent) said.push(node.textContent);
            }
          }).observe(document.getElementById("announce") as HTMLElement, { childList: true });
        });
        for (const id of ["a-4", "a-5"]) await scene.pull("enter", id, `guest ${id}`, null);
        const said = () => page.evaluate((): string[] => Reflect.get(globalThis, "said"));
        await until("both guests", async () => {
          const [one = "", other, ...more] = await said();
          return /Guest/.test(one) && one === other && more.length === 0;
        });
        for (const id of ["a-4", "a-5"]) await scene.pull("exit", id);
        await scene.pull("mute", `a-${PATIENT.id}`, true);
        equal(
          await page.locator(".tile").first().getAttribute("aria-label"),
          `${PATIENT.name}, microphone off`,
        );
        equal(await announced(), `${PATIENT.name}, microphone off`);
        await scene.pull("mute", `a-${PATIENT.id}`, false);
        equal(await page.locator(".tile").first().getAttribute("aria-label"), PATIENT.name);
        equal(await announced(), `${PATIENT.name}, microphone on`);
        await scene.pull("reconnect");
        match(await page.locator("[role=status] #status").innerText(), /Reconnecting/);
      });
      await t.step("a provider ends the visit for everybody only after confirming", async () => {
        await activate("leave");
        equal(await phaseOf(page), "reconnecting");
        await activate("leave-all");
        await until("the request to end", () => scene.visit.calls.includes("POST /visit/end"));
        // This server refuses: the page says so, and the provider can still leave.
        await until("the message", () => page.locator("#leave-trouble").isVisible());
        await activate("leave-only");
        await untilPhase(page, "left");
      });
      await t.step("a bad rating asks what was wrong, and sends only codes", async () => {
        await activate("bad");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await activate("issues-done");
        await until(
          "telemetry",
          () => scene.visit.events.filter(({ name }) => name === "rating").length === 2,
        );
        deepEqual(
          scene.visit.events.filter(({ name }) => name === "rating").map(({ data }) => data),
          [{ value: "bad" }, { value: "bad", issues: "not-heard" }],
        );
      });
      await t.step("the provider goes back in, leaves again and closes the page", async () => {
        scene.visit.status = "open";
        await activate("action");
        await untilPhase(page, "in-call");
        await activate("leave");
        await activate("leave-only");
        await untilPhase(page, "left");
        await activate("done");
        deepEqual((await hostEvents(page)).at(-1), "close/USER_DONE");
      });
    }),
);
