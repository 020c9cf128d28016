/// <reference lib="dom" />
/** What people wrote and what they are called stays as it is when the page changes its language. */
import { deepEqual, equal } from "node:assert/strict";
import type { Language, Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts, pageTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest } from "../support/browser.ts";
import { sendCommand } from "../support/page_host.ts";
import { enterCall, withScene } from "../support/scene.ts";
import { PATIENT, PROVIDER } from "../support/visit_page.ts";
import { until } from "../support/patience.ts";

const EN = clientTexts("en");
const named = (person: Person, name: string): Person => ({ ...person, name });
/** Named like UI strings. */
const DOCTOR = named(PROVIDER, "Leave");
const GUEST = named({ ...PROVIDER, id: PROVIDER.id.replace(/.$/, "9"), role: "guest" }, "Mute");
/** Messages that equal UI strings, or begin like them. */
const WRITTEN = [
  ...["mute", "sent", "you", "guest", "tapToHear", "failedHelp"] as const,
].map((key) => EN[key] as string).concat(
  pageTexts("en").leave,
  "Chat, 3 unread",
  "12 MB used",
  "Dr. Nkolo left the call",
  "Waiting for my sister to come in",
);

const EVERYBODY = { data: { people: [DOCTOR, GUEST, PATIENT] } };
browserTest(
  "names and messages are not translated when the page changes its language",
  (browser, t) =>
    withScene(browser, EVERYBODY, async (scene) => {
      const { page } = scene;
      const setLanguage = async (language: Language) => {
        await sendCommand(page, { command: "language", language });
        await page.waitForSelector(`html[lang=${language}]`, { state: "attached" });
      };
      const content = () =>
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
      // A number in a UI string is not translated.
      const unread = `${2 * WRITTEN.length}`;
      for (const language of ["fr", "en"] as const) {
        await setLanguage(language);
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
        ack: await page.evaluate(() => Reflect.get(globalThis, "puppet").lastId()),
      });
      await until(
        "every message",
        async () => await page.locator("#chat-list li").count() === 2 * WRITTEN.length + 1,
      );
      const before = await content();
      deepEqual(before.written, [...WRITTEN, ...WRITTEN, EN.sent]);
      deepEqual(before.names.slice(0, 2), ["Leave", "Mute"]);
      for (const language of ["fr", "ar", "en"] as const) {
        await t.step(language, async () => {
          await setLanguage(language);
          const now = await content();
          const texts = clientTexts(language);
          deepEqual(now, {
            ...before,
            names: ["Leave", "Mute", texts.screenOf.replace("{name}", "Mute")],
          });
          // The UI strings around them are in that language.
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
      await t.step(
        "an announcement keeps a name that looks like another announcement",
        async () => {
          await page.evaluate(() => {
            const announcement = document.getElementById("announce") as HTMLElement;
            Object.assign(announcement.dataset, { text: "tileMuted", name: "Leave {name}" });
          });
          await setLanguage("fr");
          equal(
            await page.locator("#announce").textContent(),
            clientTexts("fr").tileMuted.replace("{name}", "Leave {name}"),
          );
        },
      );
    }),
);
