/// <reference lib="dom" />
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { launchBrowser, untilInPage } from "../support/browser.ts";
import { sizes } from "../../tools/sizes.ts";
import { enterCall, openScene } from "./scenes.ts";
import { PATIENT, PROVIDER, until } from "./support.ts";

const LOOSE = { sanitizeOps: false, sanitizeResources: false };

for (const { name, bytes, budget } of sizes()) {
  Deno.test(`${name}: at most ${budget} bytes with Brotli`, () => {
    ok(bytes <= budget, `${bytes} bytes`);
  });
}

/** What has the focus: its id, or its accessible text. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const active = document.activeElement;
    return active?.id || active?.closest("[id]")?.id + " " + (active?.textContent ?? "").trim();
  });

/** Tabs until `id` has the focus; fails when the whole page has been walked without meeting it. */
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

Deno.test({
  name: "what has the focus in the lobby is not under the button that is always in sight",
  ...LOOSE,
}, async () => {
  const browser = await launchBrowser();
  const scene = await openScene(browser, { data: { lobby: true } });
  const { page } = scene.phone;
  try {
    await page.waitForSelector("#lobby:not([hidden])");
    await untilInPage(page, () => "puppet" in globalThis);
    await scene.pull("stall");
    for (let steps = 0, met = ""; met !== "join"; steps++) {
      ok(steps < 30, "Cannot reach #join by Tab");
      await page.keyboard.press("Tab");
      // Radio buttons are one stop; arrows go on.
      for (const key of ["", "ArrowDown", "ArrowDown"]) {
        if (key !== "") await page.keyboard.press(key);
        const [id, free, radio] = await page.evaluate(() => {
          const active = document.activeElement as HTMLElement;
          const box = active.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return [active.id, active.contains(top), active.matches("[type=radio]")] as const;
        });
        ok(free || id === "", `${id} has the focus but cannot be seen`);
        ok(free || !radio, "a way to take part has the focus but cannot be seen");
        met = id;
        if (!radio) break;
      }
    }
    await page.keyboard.press("Enter");
    await until(
      "connecting",
      async () => await page.getAttribute("body", "data-phase") === "connecting",
    );
    // Who has said Join is not asked to say it again.
    equal(await page.locator("#card-text").textContent(), "");
  } finally {
    await scene.close();
    await browser.close();
  }
});

Deno.test({ name: "a visit by keyboard alone", ...LOOSE }, async (t) => {
  const browser = await launchBrowser();
  const scene = await openScene(browser, { hosted: true, data: { self: PROVIDER } });
  const { page } = scene.phone;
  const doctor = PATIENT;
  try {
    await enterCall(scene);
    await scene.pull("enter", `a-${doctor.id}`, doctor.id, 200);
    await t.step("the own picture moves by arrow keys and by Enter", async () => {
      await tabTo(page, "self-move");
      const corner = () => page.getAttribute("#self", "data-corner");
      equal(await corner(), "3");
      await page.keyboard.press("ArrowUp");
      equal(await corner(), "1");
      await page.keyboard.press("Enter");
      equal(await corner(), "3");
    });
    await t.step(
      "the microphone is muted, and its name says what the next press does",
      async () => {
        await tabTo(page, "mic");
        await page.keyboard.press("Enter");
        const announced = () => page.locator("#announce").innerText();
        const named = (name: string) => page.getByRole("button", { name, exact: true }).count();
        deepEqual([await named("Unmute"), await named("Mute")], [1, 0]);
        equal(await announced(), "You, microphone off");
        // Also when not this button did it.
        await page.evaluate("chimePage.send({ command: 'unmute' })");
        deepEqual([await named("Unmute"), await named("Mute")], [0, 1]);
        equal(await announced(), "You, microphone on");
      },
    );
    await t.step(
      "a message is written, confirmed, and Escape leads back to the button",
      async () => {
        await tabTo(page, "chat-open");
        await page.keyboard.press("Enter");
        equal(await focused(page), "chat-text");
        await page.keyboard.type("Good morning");
        await page.keyboard.press("Enter");
        match(await page.locator("#chat-list").innerText(), /Good morning\s+Sending/);
        await page.keyboard.press("Escape");
        equal(await focused(page), "chat-open");
      },
    );
    await t.step(
      "an unread message counts on the button and is announced with its sender",
      async () => {
        await scene.pull("say", doctor.id, { id: "1", text: "<b>Hello</b> https://x.example" });
        equal(await page.getAttribute("#chat-open", "aria-label"), "Chat, 1 unread");
        equal(await page.locator("#announce").innerText(), `New message from ${doctor.name}`);
        await tabTo(page, "chat-open");
        await page.keyboard.press("Enter");
        equal(await page.getAttribute("#chat-open", "aria-label"), null);
        equal(await page.locator("#chat-list a, #chat-list b").count(), 0);
        await page.keyboard.press("Escape");
      },
    );
    await t.step("the newest message stays in sight, however much is being written", async () => {
      for (let more = 2; more < 12; more++) {
        await scene.pull("say", doctor.id, { id: String(more), text: `${more}` });
      }
      await tabTo(page, "chat-open");
      await page.keyboard.press("Enter");
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
    await t.step("a sheet takes the focus, keeps it, and gives it back", async () => {
      await tabTo(page, "more");
      await page.keyboard.press("Enter");
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
    await t.step("what happens to others is announced", async () => {
      const announced = () => page.locator("#announce").innerText();
      await scene.pull("enter", "a-3", "nobody", null);
      match(await announced(), /Guest/);
      await scene.pull("exit", "a-3");
      match(await announced(), /left/);
      // Two guests do the same: that is said twice.
      const said = await page.evaluate(async () => {
        let times = 0;
        const words = document.getElementById("announce") as HTMLElement;
        new MutationObserver(() => times++).observe(words, { childList: true });
        for (const id of ["a-4", "a-5"]) {
          Reflect.get(globalThis, "puppet").enter(id, "nobody", null);
          await Promise.resolve();
        }
        for (const id of ["a-4", "a-5"]) Reflect.get(globalThis, "puppet").exit(id);
        return times;
      });
      equal(said, 2);
      await scene.pull("mute", `a-${doctor.id}`, true);
      equal(
        await page.locator(".tile").first().getAttribute("aria-label"),
        `${doctor.name}, microphone off`,
      );
      equal(await announced(), `${doctor.name}, microphone off`);
      await scene.pull("mute", `a-${doctor.id}`, false);
      equal(await page.locator(".tile").first().getAttribute("aria-label"), doctor.name);
      equal(await announced(), `${doctor.name}, microphone on`);
      await scene.pull("reconnect");
      match(await page.locator("[role=status] #status").innerText(), /Reconnecting/);
    });
    await t.step("a provider ends it for everybody only after being asked", async () => {
      await tabTo(page, "leave");
      await page.keyboard.press("Enter");
      equal(await page.getAttribute("body", "data-phase"), "reconnecting");
      await tabTo(page, "leave-all");
      await page.keyboard.press("Enter");
      await until("asked", () => scene.visit.calls.includes("POST /visit/end"));
      // This server refuses: that is said, and one may still leave.
      await until("a word", () => page.locator("#leave-trouble").isVisible());
      await tabTo(page, "leave-only");
      await page.keyboard.press("Enter");
      await until("left", async () => await page.getAttribute("body", "data-phase") === "left");
    });
    await t.step("a bad answer asks what was wrong, and sends codes only", async () => {
      await tabTo(page, "bad");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await tabTo(page, "issues-done");
      await page.keyboard.press("Enter");
      await until(
        "telemetry",
        () => scene.visit.events.filter(({ name }) => name === "rating").length === 2,
      );
      deepEqual(
        scene.visit.events.filter(({ name }) => name === "rating").map(({ data }) => data),
        [{ value: "bad" }, { value: "bad", issues: "not-heard" }],
      );
      await tabTo(page, "done");
    });
    deepEqual(scene.phone.errors, []);
  } finally {
    await scene.close();
    await browser.close();
  }
});
