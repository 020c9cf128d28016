/// <reference lib="dom" />
/** The page of a visit that opens later, and how it opens, with the real function. */
import { equal, match } from "node:assert/strict";
import type { Page } from "playwright-core";
import { launchBrowser, newPhone, type Phone, untilInPage } from "../support/browser.ts";
import { fire } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { createVisit, passUrl, startTestStack, type TestVisit } from "../support/visits.ts";

const stack = await startTestStack();
const browser = await launchBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** Joining opens 15 minutes before the start. */
const WAIT_MS = 46 * 60_000;

/** Opens a visit that starts in an hour, as its patient, in a page whose clock the test moves. */
async function withEarlyPage(
  run: (early: { phone: Phone; page: Page; visit: TestVisit }) => Promise<void>,
): Promise<void> {
  const visit = await createVisit(stack, { startsIn: 60 });
  const phone = await newPhone(browser);
  const { page } = phone;
  try {
    await page.clock.install();
    await page.goto(await passUrl(visit, visit.patient));
    match(await page.innerText("#countdown"), /Opens in 4[45] min/);
    await run({ phone, page, visit });
    equal(phone.errors.join(), "");
    equal(phone.console.filter((line) => /Content Security Policy/.test(line)).join(), "");
  } finally {
    await phone.close();
  }
}

/** Lets the visit start now, as if the time had passed. */
const startNow = (visit: TestVisit) =>
  stack.supabase.sql(
    "update public.visit_appointments set starts_at = now(), ends_at = now() + interval '1 h' where id = $1",
    [visit.id],
  );

const untilVisit = (page: Page) =>
  untilInPage(page, () => document.getElementById("visit-data") !== null);
const untilTrouble = (page: Page) =>
  until("the trouble", () => page.locator("#offline").isVisible());
/** From now on, no timer of the page runs by itself. */
const pause = async (page: Page) =>
  await page.clock.pauseAt(await page.evaluate(() => Date.now()) + 1000);
const isEarly = async (page: Page) => await page.locator("#countdown").isVisible();

looseTest(
  "an early person reads who they meet, when, and from when they can join",
  () =>
    withEarlyPage(async ({ page }) => {
      const text = await page.innerText("main");
      match(text, /You are early\s/);
      match(text, /Your visit with Dr\. Ngo Bassa\s/);
      match(text, /\d\d:\d\d – (\w+ \d+ \w+, )?\d\d:\d\d\s/);
      match(text, /You can join from (\w+ \d+ \w+, )?\d\d:\d\d\./);
      match(text, /Keep this page open/);
      equal(await page.innerText("#retry button"), "Check again");
      equal(await page.locator(".reference").count(), 0);
    }),
);

looseTest(
  "a countdown that ends offline waits for the network, and then opens the visit",
  () =>
    withEarlyPage(async ({ phone, page, visit }) => {
      await startNow(visit);
      await phone.context.setOffline(true);
      await page.clock.fastForward(WAIT_MS);
      await untilTrouble(page);
      match(await page.innerText("#offline"), /internet connection/);
      equal(await page.innerText("h1"), "You are early");
      // At once, and not only when it would ask again.
      await pause(page);
      await until("not asking", () => page.locator("#retry button").isEnabled());
      await phone.context.setOffline(false);
      await untilVisit(page);
    }),
);

looseTest(
  "a countdown asks again until a server that was down answers",
  () =>
    withEarlyPage(async ({ page, visit }) => {
      await startNow(visit);
      let asked = 0;
      await page.route(`${visit.url}*`, (route) => {
        const look = route.request().method() === "HEAD";
        return look && ++asked < 3 ? route.fulfill({ status: 503 }) : route.continue();
      });
      await page.clock.fastForward(WAIT_MS);
      await untilTrouble(page);
      // The pauses between two questions.
      await until("an answer", async () => {
        if (!(await isEarly(page).catch(() => false))) return true;
        await page.clock.runFor(1000);
        return false;
      });
      await untilVisit(page);
      equal(asked, 3);
    }),
);

looseTest(
  "a countdown does not wait for an answer that never comes",
  () =>
    withEarlyPage(async ({ page, visit }) => {
      await startNow(visit);
      let asked = 0;
      await page.route(`${visit.url}*`, async (route) => {
        if (route.request().method() !== "HEAD" || ++asked > 1) await route.continue();
      });
      await page.clock.fastForward(WAIT_MS);
      await until("the question", () => asked === 1);
      await page.clock.runFor(15_000);
      await untilTrouble(page);
      await page.clock.runFor(1000);
      await untilVisit(page);
    }),
);

for (
  const [what, happens] of [
    ["after a while", (page: Page) => page.clock.runFor(90_000)],
    ["when the person comes back to it", (page: Page) => fire(page, "pageshow")],
  ] as const
) {
  looseTest(
    `a page whose visit did not open opens it again ${what}`,
    () =>
      withEarlyPage(async ({ page, visit }) => {
        await startNow(visit);
        let opened = 0;
        await page.route(`${visit.url}*`, async (route) => {
          if (route.request().method() === "POST" && ++opened === 1) {
            await route.abort("aborted");
          } else await route.continue();
        });
        await page.clock.fastForward(WAIT_MS);
        await until("an attempt", () => opened === 1);
        await pause(page);
        equal(await isEarly(page), true);
        await happens(page);
        await untilVisit(page);
        equal(opened, 2);
      }),
  );
}

looseTest(
  "a clock that is set back during the countdown does not delay the visit",
  () =>
    withEarlyPage(async ({ page, visit }) => {
      await startNow(visit);
      await page.clock.setSystemTime(Date.now() - 3_600_000);
      await page.clock.fastForward(WAIT_MS);
      await untilVisit(page);
    }),
);

looseTest(
  "a phone that slept through the end of the countdown opens the visit on waking",
  () =>
    withEarlyPage(async ({ page, visit }) => {
      await startNow(visit);
      await pause(page);
      // Only this clock goes on in sleep.
      await page.clock.setSystemTime(Date.now() + WAIT_MS);
      await page.evaluate(() => void document.dispatchEvent(new Event("visibilitychange")));
      await untilVisit(page);
    }),
);

looseTest(
  "a clock that is set forward shows the page of the countdown again",
  () =>
    withEarlyPage(async ({ page }) => {
      const again = page.waitForRequest((request) => request.method() === "POST");
      await page.clock.setSystemTime(Date.now() + WAIT_MS);
      await again;
      await untilInPage(page, () => /4[45] min/.test(document.body.innerText));
      equal(await page.innerText("h1"), "You are early");
    }),
);

looseTest(
  "Check again looks whether the server answers before it leaves the page",
  () =>
    withEarlyPage(async ({ phone, page, visit }) => {
      await phone.context.setOffline(true);
      await page.click("#retry button");
      await untilTrouble(page);
      equal(await isEarly(page), true);
      match(await page.innerText("#countdown"), /Opens in 4[45] min/);
      await startNow(visit);
      await phone.context.setOffline(false);
      await untilVisit(page);
    }),
);

looseTest(
  "every tab of an early person opens the visit, in the language of its address",
  () =>
    withEarlyPage(async ({ phone, page, visit }) => {
      const other = await phone.context.newPage();
      await other.clock.install();
      await other.goto(`${visit.url}?lang=fr`);
      equal(await other.innerText("h1"), "Vous êtes en avance");
      await startNow(visit);
      for (const tab of [page, other]) await tab.clock.fastForward(WAIT_MS);
      for (const tab of [page, other]) await untilVisit(tab);
      equal(await other.getAttribute("html", "lang"), "fr");
    }),
);
