/// <reference lib="dom" />
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { LANGUAGE_NAMES } from "../../supabase/functions/chime-page/contract/languages.ts";
import type { Language } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { clientTexts, pageTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { browserTest } from "../support/browser.ts";
import { type OpenOptions, openVisit } from "../support/open_visit.ts";
import { sendCommand } from "../support/page_host.ts";
import type { VisitServer } from "../support/visit_server.ts";
import { until } from "../support/patience.ts";
import { enterCall, withScene } from "../support/scene.ts";
import { PROVIDER } from "../support/visit_page.ts";

/** A test with a page that waits for the provider. */
async function withWaitingPage(
  browser: Browser,
  language: Language,
  options: OpenOptions,
  run: (page: Page, visit: VisitServer) => Promise<void>,
): Promise<void> {
  const data = { state: "waiting", join: null, language } as const;
  const { phone, page, visit, close } = await openVisit(browser, data, options);
  try {
    await until("the first request", () => visit.calls.length > 0);
    await run(page, visit);
    deepEqual(phone.errors, []);
  } finally {
    await close();
  }
}

/** Every text of the page, hidden ones too, except names and the list of languages. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
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

const setLanguage = (page: Page, language: string) =>
  sendCommand(page, { command: "language", language });
const untilLanguage = (page: Page, language: string) =>
  until(
    `the page in ${language}`,
    async () => await page.getAttribute("html", "lang") === language,
  );

/** Visible elements that extend beyond the screen at either side. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("body *")].filter((node) => {
      const { left, right, width } = node.getBoundingClientRect();
      return width > 0 && (right > innerWidth + 0.5 || left < -0.5) &&
        !node.closest(".unseen, svg");
    }).map((node) => `${node.tagName} ${node.id || node.className}`)
  );
}

browserTest("the page in every language, in a real browser", async (browser, t) => {
  await t.step(
    "a host changes the language of every text on the page",
    () =>
      withWaitingPage(browser, "en", {}, async (page, visit) => {
        await page.evaluate(() => {
          Object.assign(globalThis, { same: true });
          const probe = document.createElement("p");
          probe.id = "probe";
          Object.assign(probe.dataset, { text: "alone", name: "Grace" });
          document.body.append(probe);
        });
        equal(await setLanguage(page, "ar-TD"), true);
        await untilLanguage(page, "ar");
        equal(await page.getAttribute("html", "dir"), "rtl");
        const english = new Set<string>(
          Object.values({ ...pageTexts("en"), ...clientTexts("en") }),
        );
        const said = await textsOf(page);
        ok(said.length > 20);
        for (const text of said) {
          ok(!english.has(text), `still English: ${text}`);
          match(text, /[\u0600-\u06ff]/);
        }
        match(await page.locator("#when").innerText(), /23/);
        equal(
          await page.locator("#probe").innerText(),
          clientTexts("ar").alone.replace("{name}", "Grace"),
        );
        // The name is still isolated in the sentence.
        equal(await page.locator("#card-title bdi").innerText(), "Dr. Amina Nkolo");
        // A second change leaves nothing of the first one, in the same document.
        equal(await setLanguage(page, "sw"), true);
        await untilLanguage(page, "sw");
        equal(await page.getAttribute("html", "dir"), "ltr");
        for (const text of await textsOf(page)) doesNotMatch(text, /[\u0600-\u06ff]/);
        equal(await page.evaluate(() => Reflect.get(globalThis, "same")), true);
        // What is shown later is in the new language too.
        await sendCommand(page, { command: "leave" });
        const title = page.locator("#card-title");
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
      withWaitingPage(browser, "fr", {}, async (page) => {
        const choice = page.locator("#language");
        deepEqual(await choice.locator("option").allInnerTexts(), Object.values(LANGUAGE_NAMES));
        equal(await choice.inputValue(), "fr");
        await choice.evaluate((select: HTMLSelectElement) => {
          select.value = "pt";
          select.dispatchEvent(new Event("change"));
        });
        await untilLanguage(page, "pt");
        equal(await page.title(), pageTexts("pt").documentTitle);
        match(await page.locator("#when").textContent() ?? "", /novembro/);
      }),
  );

  await t.step("a host may change the language before the in-call strings have loaded", () => {
    let arrive = () => {};
    const arrived = new Promise<void>((done) => arrive = done);
    return withWaitingPage(browser, "en", {
      before: (page) =>
        page.route("**/files/*", async (route) => {
          await arrived;
          await route.continue();
        }),
    }, async (page) => {
      deepEqual([await setLanguage(page, "de"), await setLanguage(page, "sw")], [false, true]);
      equal(await page.getAttribute("html", "lang"), "en");
      arrive();
      await untilLanguage(page, "sw");
    });
  });

  await t.step(
    "a language that the page does not have changes nothing",
    () =>
      withWaitingPage(browser, "en", {}, async (page) => {
        deepEqual([await setLanguage(page, "de"), await setLanguage(page, "")], [false, false]);
        equal(await page.getAttribute("html", "lang"), "en");
      }),
  );

  await t.step(
    "when a language cannot be loaded the page stays as it is and says so",
    () =>
      withWaitingPage(browser, "en", {}, async (page) => {
        await page.route("**/texts/*", (route) => route.abort());
        await setLanguage(page, "es");
        await page.locator("#notice").waitFor();
        equal(await page.locator("#notice-text").innerText(), clientTexts("en").failedHelp);
        equal(await page.getAttribute("html", "lang"), "en");
        equal(await page.locator("#language").inputValue(), "en");
      }),
  );

  for (const [width, height] of [[320, 568], [360, 640], [1280, 800]] as const) {
    await t.step(
      `Arabic overflows nowhere at ${width}x${height}`,
      () =>
        withWaitingPage(browser, "ar", { phone: { width, height } }, async (page) => {
          equal(
            await page.locator("body").evaluate((body) => getComputedStyle(body).direction),
            "rtl",
          );
          deepEqual(await overflowing(page), []);
          await page.evaluate(() => {
            for (const button of document.querySelectorAll("#controls button, .rows *")) {
              (button as HTMLElement).hidden = false;
            }
            document.getElementById("app")?.classList.add("calling");
          });
          deepEqual(await overflowing(page), []);
          await page.locator("#more").click();
          deepEqual(await overflowing(page), []);
        }),
    );
  }
});

browserTest(
  "on an Arabic page a caption reads in the direction of what is said",
  (browser) =>
    withScene(browser, { language: "ar" }, async (scene) => {
      await enterCall(scene);
      await scene.company(1);
      for (const [text, side] of [["Good morning!", "left"], ["صباح الخير!", "right"]] as const) {
        await scene.pull("caption", `a-${PROVIDER.id}`, PROVIDER.id, text);
        const line = scene.page.locator("#captions p", { hasText: text });
        const nameIs = await line.evaluate((line) => {
          const name = line.querySelector("bdi")?.getBoundingClientRect();
          const speech = document.createRange();
          speech.selectNodeContents(line);
          speech.setStartAfter(line.querySelector("bdi") as Element);
          return name && name.left < speech.getBoundingClientRect().left ? "left" : "right";
        });
        equal(nameIs, side, text);
      }
    }),
);
