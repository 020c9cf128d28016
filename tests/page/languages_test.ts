/// <reference lib="dom" />
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import type { Browser } from "playwright-core";
import { LANGUAGE_NAMES } from "../../supabase/functions/chime-page/contract/languages.ts";
import type {
  Language,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts, pageTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { launchBrowser, newPhone, type Phone } from "../support/browser.ts";
import { serveVisit, until, visitData, type VisitServer } from "./support.ts";

const WAITING: Partial<VisitPageData> = { state: "waiting", join: null };

/** A waiting page on a phone. */
async function open(
  browser: Browser,
  language: Language,
  phoneOptions: Parameters<typeof newPhone>[1],
  play: (phone: Phone, visit: VisitServer) => Promise<void>,
  before: (phone: Phone) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const visit = serveVisit((origin) =>
    visitData({ ...WAITING, language, api: { base: `${origin}/visit`, session: "s" } })
  );
  const phone = await newPhone(browser, phoneOptions);
  try {
    await before(phone);
    await phone.page.goto(visit.url, { waitUntil: "commit" });
    await until("the first question", () => visit.calls.length > 0);
    await play(phone, visit);
    deepEqual(phone.errors, []);
  } finally {
    await phone.close();
    await visit.close();
  }
}

/** Every word of the page, hidden ones too, but for names and the list of languages. */
function words(phone: Phone): Promise<string[]> {
  return phone.page.evaluate(() => {
    const found: string[] = [document.title];
    const walk = (element: Element) => {
      if (element.matches("script, style, bdi, select, noscript, .face, [translate=no]")) return;
      for (const name of ["aria-label", "placeholder", "title", "alt"]) {
        const value = element.getAttribute(name);
        if (value) found.push(value);
      }
      for (const node of element.childNodes) {
        if (node instanceof Element) walk(node);
        else if (node.nodeType === Node.TEXT_NODE && /\p{L}{2}/u.test(node.textContent ?? "")) {
          found.push((node.textContent ?? "").trim());
        }
      }
    };
    walk(document.body);
    return found;
  });
}

const tell = (phone: Phone, language: string) =>
  phone.page.evaluate(
    (tag) => Reflect.get(globalThis, "chimePage").send({ command: "language", language: tag }),
    language,
  );
const spoken = (phone: Phone, language: string) =>
  until(
    `the page in ${language}`,
    async () => await phone.page.getAttribute("html", "lang") === language,
  );

/** Boxes of shown elements that stick out of the screen at either side. */
function sticking(phone: Phone): Promise<string[]> {
  return phone.page.evaluate(() =>
    [...document.querySelectorAll("body *")].filter((node) => {
      const { left, right, width } = node.getBoundingClientRect();
      return width > 0 && (right > innerWidth + 0.5 || left < -0.5) &&
        !node.closest(".unseen, svg");
    }).map((node) => `${node.tagName} ${node.id || node.className}`)
  );
}

Deno.test({
  name: "the page in every language, in a real browser",
  // Parts of a browser outlive its close by a moment; nothing of the page under test does.
  sanitizeOps: false,
  sanitizeResources: false,
}, async (t) => {
  const browser = await launchBrowser();
  try {
    await t.step(
      "a host changes the language, and every word of the page with it",
      () =>
        open(browser, "en", {}, async (phone, visit) => {
          await phone.page.evaluate(() => {
            Object.assign(globalThis, { same: true });
            const probe = document.createElement("p");
            probe.id = "probe";
            Object.assign(probe.dataset, { text: "alone", name: "Grace" });
            document.body.append(probe);
          });
          equal(await tell(phone, "ar-TD"), true);
          await spoken(phone, "ar");
          equal(await phone.page.getAttribute("html", "dir"), "rtl");
          const english = new Set<string>(
            Object.values({ ...pageTexts("en"), ...clientTexts("en") }),
          );
          const said = await words(phone);
          ok(said.length > 20);
          for (const text of said) {
            ok(!english.has(text), `still English: ${text}`);
            match(text, /[\u0600-\u06ff]/);
          }
          match(await phone.page.locator("#when").innerText(), /23/);
          equal(
            await phone.page.locator("#probe").innerText(),
            clientTexts("ar").alone.replace("{name}", "Grace"),
          );
          // The name stands isolated in the sentence, as before.
          equal(await phone.page.locator("#card-title bdi").innerText(), "Dr. Amina Nkolo");
          // And on: nothing of the language in between is left, and it is still the same document.
          equal(await tell(phone, "sw"), true);
          await spoken(phone, "sw");
          equal(await phone.page.getAttribute("html", "dir"), "ltr");
          for (const text of await words(phone)) doesNotMatch(text, /[\u0600-\u06ff]/);
          equal(await phone.page.evaluate(() => Reflect.get(globalThis, "same")), true);
          // What comes later is said in the new language too.
          await phone.page.evaluate(() =>
            Reflect.get(globalThis, "chimePage").send({ command: "leave" })
          );
          const title = phone.page.locator("#card-title");
          await until(
            "the end in Swahili",
            async () => await title.innerText() === clientTexts("sw").left,
          );
          ok(visit.calls.every((call) => !call.includes("/join")));
        }),
    );

    await t.step(
      "a person chooses the language from the page's own list",
      () =>
        open(browser, "fr", {}, async (phone) => {
          const choice = phone.page.locator("#language");
          deepEqual(await choice.locator("option").allInnerTexts(), Object.values(LANGUAGE_NAMES));
          equal(await choice.inputValue(), "fr");
          await choice.evaluate((select: HTMLSelectElement) => {
            select.value = "pt";
            select.dispatchEvent(new Event("change"));
          });
          await spoken(phone, "pt");
          equal(await phone.page.title(), pageTexts("pt").documentTitle);
          match(await phone.page.locator("#when").textContent() ?? "", /novembro/);
        }),
    );

    await t.step("a host that asks before the other words are here is heard once they are", () => {
      let arrive = () => {};
      const arrived = new Promise<void>((done) => arrive = done);
      return open(
        browser,
        "en",
        {},
        async (phone) => {
          deepEqual([await tell(phone, "de"), await tell(phone, "sw")], [false, true]);
          equal(await phone.page.getAttribute("html", "lang"), "en");
          arrive();
          await spoken(phone, "sw");
        },
        (phone) =>
          phone.page.route("**/files/*", async (route) => {
            await arrived;
            await route.continue();
          }),
      );
    });

    await t.step(
      "a language nobody speaks here changes nothing",
      () =>
        open(browser, "en", {}, async (phone) => {
          deepEqual([await tell(phone, "de"), await tell(phone, "")], [false, false]);
          equal(await phone.page.getAttribute("html", "lang"), "en");
        }),
    );

    await t.step(
      "words that do not come leave the page as it is, and it says so",
      () =>
        open(browser, "en", {}, async (phone) => {
          await phone.page.route("**/texts/*", (route) => route.abort());
          await tell(phone, "es");
          await phone.page.locator("#notice").waitFor();
          equal(await phone.page.locator("#notice-text").innerText(), clientTexts("en").failedHelp);
          equal(await phone.page.getAttribute("html", "lang"), "en");
          equal(await phone.page.locator("#language").inputValue(), "en");
        }),
    );

    for (const [width, height] of [[320, 568], [360, 640], [1280, 800]] as const) {
      await t.step(
        `Arabic overflows nowhere at ${width}x${height}`,
        () =>
          open(browser, "ar", { width, height }, async (phone) => {
            equal(
              await phone.page.locator("body").evaluate((body) => getComputedStyle(body).direction),
              "rtl",
            );
            deepEqual(await sticking(phone), []);
            await phone.page.evaluate(() => {
              for (const button of document.querySelectorAll("#controls button, .rows *")) {
                (button as HTMLElement).hidden = false;
              }
            });
            deepEqual(await sticking(phone), []);
            await phone.page.locator("#more").click();
            deepEqual(await sticking(phone), []);
          }),
      );
    }
  } finally {
    await browser.close();
  }
});
