/// <reference lib="dom" />
/** Problem and join pages without scripts, with the real function. */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import type { Page } from "playwright-core";
import { launchBrowser, newPhone, type PhoneOptions } from "../support/browser.ts";
import { looseTest } from "../support/sanitizers.ts";
import {
  createVisit,
  openAndSpend,
  passUrl,
  startTestStack,
  type TestVisit,
} from "../support/visits.ts";

const stack = await startTestStack();
const browser = await launchBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** A page of a phone on which JavaScript is turned off. */
async function withoutScripts(
  run: (page: Page) => Promise<void>,
  options: PhoneOptions = {},
): Promise<void> {
  const phone = await newPhone(browser, { javaScript: false, ...options });
  try {
    await run(phone.page);
    deepEqual(phone.console.filter((line) => /Content Security Policy/.test(line)), []);
  } finally {
    await phone.close();
  }
}

async function choose(page: Page, language: string): Promise<void> {
  await page.click(".languages summary");
  await page.click(`.languages [lang=${language}]`);
  await page.waitForSelector(`html[lang=${language}]`);
}

const startNow = (visit: TestVisit) =>
  stack.supabase.sql(
    "update public.visit_appointments set starts_at = now(), ends_at = now() + interval '1 h' where id = $1",
    [visit.id],
  );

looseTest(
  "the language menu of an early person keeps the session, also on reload",
  () =>
    withoutScripts(async (page) => {
      const visit = await createVisit(stack, { startsIn: 60 });
      await page.goto(await passUrl(visit, visit.patient));
      equal(await page.innerText("h1"), "You are early");
      await choose(page, "fr");
      equal(await page.innerText("h1"), "Vous êtes en avance");
      match(await page.innerText("main"), /Votre consultation avec Dr\. Ngo Bassa/);
      doesNotMatch(page.url(), /pass=|session=|link=/);
      await page.reload();
      equal(await page.innerText("h1"), "Vous êtes en avance");
      // The address alone, as after the browser was closed by the system.
      await page.goto(visit.url);
      equal(await page.getAttribute("html", "lang"), "fr");
      await startNow(visit);
      await page.click("#retry button");
      await page.waitForSelector("#visit-data", { state: "attached" });
      equal(await page.getAttribute("html", "lang"), "fr");
    }),
);

looseTest(
  "the language menu works without cookies, and wins over the address",
  () =>
    withoutScripts(async (page) => {
      const visit = await createVisit(stack, { startsIn: 60 });
      await page.goto(`${await passUrl(visit, visit.patient)}&lang=pt`);
      equal(await page.innerText("h1"), "Ainda é cedo");
      await page.context().clearCookies();
      await choose(page, "ar");
      await page.context().clearCookies();
      await startNow(visit);
      await page.click("#retry button");
      await page.waitForSelector("#visit-data", { state: "attached" });
      equal(await page.getAttribute("html", "dir"), "rtl");
    }),
);

looseTest(
  "a spent link shows the same problem in another language, and is not in the page",
  () =>
    withoutScripts(async (page) => {
      const visit = await createVisit(stack);
      const url = await passUrl(visit, visit.patient);
      await openAndSpend(url);
      await page.goto(url);
      equal(await page.innerText("h1"), "This link has already been used");
      const secret = new URL(url).searchParams.get("pass") ?? "?";
      equal((await page.content()).includes(secret), false);
      await choose(page, "sw");
      equal(await page.innerText("h1"), "Kiungo hiki kimeshatumika");
      await page.reload();
      equal(await page.getAttribute("html", "lang"), "sw");
    }),
);

looseTest(
  "a person without a credential can read the page in their language",
  () =>
    withoutScripts(async (page) => {
      const visit = await createVisit(stack);
      await page.goto(visit.url);
      await choose(page, "es");
      equal(await page.locator(".languages button").count(), 5);
      equal(await page.locator(".reference").count(), 0);
    }),
);

looseTest(
  "the language menu of the join page does not use up the link",
  () =>
    withoutScripts(async (page) => {
      const visit = await createVisit(stack);
      await page.goto(await passUrl(visit, visit.patient, { opens: "by-tap" }));
      // Joining would use up the link, although the call cannot work here.
      match(await page.innerText("main"), /need JavaScript/);
      await choose(page, "fr");
      equal(await page.innerText("h1"), "Votre consultation vidéo est prête");
      await page.reload();
      equal(await page.getAttribute("html", "lang"), "fr");
      const [row] = await stack.supabase.sql(
        "select count(*)::int as opened from chime_page.passes where appointment_id = $1 and opened_at is not null",
        [visit.id],
      );
      deepEqual(row, { opened: 0 });
      await page.click("main button");
      await page.waitForSelector("#visit-data", { state: "attached" });
      equal(await page.getAttribute("html", "lang"), "fr");
    }),
);

looseTest(
  "without JavaScript an early person is not told that the visit opens by itself",
  () =>
    withoutScripts(async (page) => {
      const visit = await createVisit(stack, { startsIn: 60 });
      await page.goto(await passUrl(visit, visit.patient));
      const text = await page.innerText("main");
      match(text, /need JavaScript/);
      doesNotMatch(text, /automatically|Opens in|Opening your visit|cannot reach/);
      await startNow(visit);
      await page.click("#retry button");
      await page.waitForSelector("#visit-data", { state: "attached" });
    }),
);

looseTest(
  "the main content of an early person's page fits a small phone in every language",
  async () => {
    const visit = await createVisit(stack, { startsIn: 60 });
    for (const [width, height] of [[360, 640], [320, 568], [640, 360], [1280, 800]] as const) {
      const phone = await newPhone(browser, { width, height });
      const { page } = phone;
      try {
        for (const language of ["en", "fr", "ar", "pt", "es", "sw"]) {
          await page.goto(`${await passUrl(visit, visit.patient)}&lang=${language}`);
          await page.waitForSelector("#countdown:visible");
          const found = await page.evaluate(() => ({
            wide: [...document.querySelectorAll("body *")].filter((node) => {
              const { left, right } = node.getBoundingClientRect();
              return (right > innerWidth + 0.5 || left < -0.5) && !node.closest(".unseen, svg");
            }).map((node) => node.className),
            low: document.getElementById("countdown")?.getBoundingClientRect().bottom ?? 0,
            small: [...document.querySelectorAll("summary, main button")].filter((node) =>
              node.getBoundingClientRect().height < 48
            ).length,
          }));
          deepEqual([found.wide, found.small, found.low < height], [[], 0, true], language);
        }
      } finally {
        await phone.close();
      }
      await stack.supabase.sql("delete from chime_page.passes where appointment_id = $1", [
        visit.id,
      ]);
      await stack.supabase.sql("delete from chime_page.openings", []);
    }
  },
);
