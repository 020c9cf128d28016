/// <reference lib="dom" />
/** What people wrote or are called stays as it is when the page changes its language. */
import { deepEqual, equal } from "node:assert/strict";
import type { Language, Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts, pageTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { launchBrowser } from "../support/browser.ts";
import { enterCall, openScene } from "./scenes.ts";
import { PATIENT, PROVIDER, until } from "./support.ts";

const EN = clientTexts("en");
const named = (person: Person, name: string): Person => ({ ...person, name });
/** Called like texts of the page. */
const DOCTOR = named(PROVIDER, "Leave");
const GUEST = named({ ...PROVIDER, id: PROVIDER.id.replace(/.$/, "9"), role: "guest" }, "Mute");
/** Written like them. */
const WRITTEN = [
  ...["mute", "sent", "you", "guest", "tapToHear", "failedHelp"] as const,
].map((key) => EN[key] as string).concat(
  pageTexts("en").leave,
  "Chat, 3 unread",
  "12 MB used",
  "Dr. Nkolo left the call",
  "Waiting for my sister to come in",
);

Deno.test({
  name: "what people wrote and what they are called is in no language of the page",
  // Parts of a browser outlive its close by a moment; nothing of the page under test does.
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  const browser = await launchBrowser();
  const scene = await openScene(browser, { data: { people: [DOCTOR, GUEST, PATIENT] } });
  const { page } = scene.phone;
  const speak = async (language: Language) => {
    await page.evaluate(
      (tag) => Reflect.get(globalThis, "chimePage").send({ command: "language", language: tag }),
      language,
    );
    await page.waitForSelector(`html[lang=${language}]`);
  };
  const words = () =>
    page.evaluate(() => {
      const texts = (selector: string) =>
        [...document.querySelectorAll(selector)].map((one) => one.textContent ?? "");
      return {
        written: texts("#chat-list .text"),
        from: [...new Set(texts("#chat-list .from"))],
        names: texts(".tile .name > bdi"),
        captions: texts("#captions bdi"),
        heading: texts("#heading bdi, #card bdi"),
      };
    });
  const labels = () =>
    page.locator(".tile").evaluateAll((tiles) => tiles.map((one) => one.ariaLabel));
  try {
    await enterCall(scene);
    for (const [index, { id }] of [DOCTOR, GUEST].entries()) {
      await scene.pull("enter", `a-${id}`, id, null);
      for (const text of WRITTEN) {
        await scene.pull("say", id, { id: `${index} ${text}`, text });
      }
    }
    await scene.pull("screen", `a-${GUEST.id}`, GUEST.id);
    await scene.pull("mute", `a-${DOCTOR.id}`, true);
    await scene.pull("caption", `a-${DOCTOR.id}`, DOCTOR.id, "he left the call");
    await scene.pull("caption", `a-${GUEST.id}`, GUEST.id, EN.inCall);
    // A number in a text of the page is no word.
    const unread = `${2 * WRITTEN.length}`;
    for (const language of ["fr", "en"] as const) {
      await speak(language);
      await until(
        language,
        async () =>
          await page.getAttribute("#chat-open", "aria-label") ===
            clientTexts(language).chatUnread.replace("{count}", unread),
      );
    }
    await page.click("#chat-open");
    await page.fill("#chat-text", EN.sent);
    await page.keyboard.press("Enter");
    await scene.pull("say", DOCTOR.id, {
      ack: await page.evaluate(() => {
        return Reflect.get(globalThis, "puppet").lastId();
      }),
    });
    await until(
      "all of it",
      async () => await page.locator("#chat-list li").count() === 2 * WRITTEN.length + 1,
    );
    const before = await words();
    deepEqual(before.written, [...WRITTEN, ...WRITTEN, EN.sent]);
    deepEqual(before.names.slice(0, 2), ["Leave", "Mute"]);
    for (const language of ["fr", "ar", "en"] as const) {
      await t.step(language, async () => {
        await speak(language);
        const now = await words();
        const texts = clientTexts(language);
        deepEqual(now, {
          ...before,
          names: ["Leave", "Mute", texts.screenOf.replace("{name}", "Mute")],
        });
        // The page's own words beside them are said in it.
        equal(await page.locator("#chat-list .state").textContent(), texts.sent);
        equal(await page.locator("#leave").textContent(), pageTexts(language).leave);
        equal(await page.locator("#mic-label").textContent(), texts.mute);
        deepEqual(await labels(), [
          texts.tileMuted.replace("{name}", "Leave"),
          "Mute",
          texts.screenOf.replace("{name}", "Mute"),
        ]);
        equal(await page.inputValue("#chat-text"), "");
      });
    }
    await t.step("a sentence whose name looks like another sentence keeps the name", async () => {
      await page.evaluate(() => {
        const announcement = document.getElementById("announce") as HTMLElement;
        Object.assign(announcement.dataset, { text: "tileMuted", name: "New message from {name}" });
      });
      await speak("fr");
      equal(
        await page.locator("#announce").textContent(),
        clientTexts("fr").tileMuted.replace("{name}", "New message from {name}"),
      );
    });
    deepEqual(scene.phone.errors, []);
  } finally {
    await scene.close();
    await browser.close();
  }
});
