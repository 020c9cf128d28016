/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { launchBrowser, newPhone, untilInPage } from "../support/browser.ts";
import { createVisit, passUrl, startTestStack, type TestVisit } from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
const browser = await launchBrowser();
/** A page of another site, with what the test gives it. */
let lure = "";
const otherSite = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () =>
    new Response(`<!doctype html><meta charset="utf-8"><title>Another site</title>${lure}`, {
      headers: { "Content-Type": "text/html" },
    }),
);
// The stack is at 127.0.0.1: another name makes it another site.
const otherUrl = `http://localhost:${otherSite.addr.port}/`;
Deno.test.afterAll(async () => {
  await browser.close();
  await otherSite.shutdown();
  await stack.stop();
});

/** Whose visit a page shows; `nobody` for any other page. */
function whose(page: Page): Promise<string> {
  return page.evaluate(() => {
    const data = document.getElementById("visit-data")?.textContent;
    return data ? String(JSON.parse(data).self.role) : "nobody";
  });
}

/** Opens a pass and waits until the address has the tab instead. */
async function openPass(page: Page, visit: TestVisit, person: { token: string }): Promise<void> {
  await page.goto(await passUrl(visit, person));
  await untilInPage(page, () => /^\?tab=[0-9a-f]{8}$/.test(location.search));
}

async function providerIsIn({ id }: TestVisit): Promise<boolean> {
  const rows = await stack.supabase.sql(
    "select 1 from chime_page.meetings where appointment_id = $1 and provider_in_at is not null",
    [id],
  );
  return rows.length > 0;
}

looseTest(
  "with two people in one browser each tab keeps its person after reload, back and duplicate",
  async () => {
    const visit = await createVisit(stack);
    const phone = await newPhone(browser);
    try {
      const [doctor, patient] = [phone.page, await phone.context.newPage()];
      await openPass(doctor, visit, visit.provider);
      await openPass(patient, visit, visit.patient);
      await doctor.reload();
      assert.equal(await whose(doctor), "provider");
      await patient.reload();
      assert.equal(await whose(patient), "patient");

      const duplicate = await phone.context.newPage();
      await duplicate.goto(doctor.url());
      assert.equal(await whose(duplicate), "provider");

      await doctor.goto(otherUrl);
      await doctor.goBack();
      assert.equal(await whose(doctor), "provider");

      // An address without a tab opens as the person who came last.
      await duplicate.goto(visit.url);
      assert.equal(await whose(duplicate), "patient");
      await untilInPage(duplicate, () => location.search !== "");
      assert.equal(duplicate.url(), patient.url());
    } finally {
      await phone.close();
    }
  },
);

looseTest(
  "a by-tap link asks for a tap, opens, and keeps its person after a reload",
  async () => {
    const visit = await createVisit(stack);
    const phone = await newPhone(browser);
    const { page } = phone;
    try {
      const link = await passUrl(visit, visit.provider, { opens: "by-tap" });
      lure = `<a href="${link}">Your visit</a>`;
      await page.goto(otherUrl);
      await page.click("a");
      await page.waitForURL(link);
      assert.equal(await whose(page), "nobody");
      assert.equal(await providerIsIn(visit), false);
      await page.click("button");
      await untilInPage(page, () => /^\?tab=/.test(location.search));
      assert.equal(await whose(page), "provider");
      const reloaded = await page.reload();
      assert.equal(reloaded?.request().method(), "GET");
      assert.equal(await whose(page), "provider");
      assert.deepEqual(phone.console.filter((line) => /Content Security Policy/i.test(line)), []);
    } finally {
      await phone.close();
    }
  },
);

looseTest(
  "a form of another site can neither use the cookie nor plant a session",
  async () => {
    const visit = await createVisit(stack, { startsIn: 60 });
    const phone = await newPhone(browser);
    const { page } = phone;
    try {
      // Too early: the provider has a cookie and has not joined.
      const early = await page.goto(await passUrl(visit, visit.provider));
      assert.equal(early?.status(), 403);
      await stack.supabase.sql(
        "update public.visit_appointments set starts_at = now(), ends_at = now() + interval '1 h' where id = $1",
        [visit.id],
      );
      const cookies = await phone.context.cookies();
      for (const field of ["", `<input name="access_token" value="${visit.patient.token}">`]) {
        lure = `<form method="post" action="${visit.url}">${field}<button>Win</button></form>`;
        await page.goto(otherUrl);
        const [answer] = await Promise.all([
          page.waitForResponse((one) => one.url() === visit.url),
          page.click("button"),
        ]);
        assert.equal(answer.status(), 401);
        await page.waitForLoadState();
        assert.equal(await whose(page), "nobody");
      }
      assert.deepEqual(await phone.context.cookies(), cookies);
      assert.equal(await providerIsIn(visit), false);
    } finally {
      await phone.close();
    }
  },
);

looseTest(
  "a visit's address on another site leads to a tap, which opens as the cookie's person",
  async () => {
    const visit = await createVisit(stack);
    const phone = await newPhone(browser);
    const { page } = phone;
    try {
      await openPass(page, visit, visit.patient);
      lure = `<a href="${visit.url}">A visit</a>`;
      await page.goto(otherUrl);
      await page.click("a");
      await page.waitForURL(visit.url);
      assert.equal(await whose(page), "nobody");
      assert.doesNotMatch(await page.innerText("body"), /Ngo Bassa|works only once/);
      await page.click("button");
      await untilInPage(page, () => /^\?tab=/.test(location.search));
      assert.equal(await whose(page), "patient");
    } finally {
      await phone.close();
    }
  },
);

looseTest(
  "a page that was too early opens for its own person, whoever else is in the browser",
  async () => {
    const visit = await createVisit(stack, { startsIn: 60 });
    const phone = await newPhone(browser);
    try {
      const [doctor, patient] = [phone.page, await phone.context.newPage()];
      await doctor.goto(await passUrl(visit, visit.provider));
      await patient.goto(await passUrl(visit, visit.patient));
      await stack.supabase.sql(
        "update public.visit_appointments set starts_at = now(), ends_at = now() + interval '1 h' where id = $1",
        [visit.id],
      );
      // As the countdown does at its end.
      await doctor.evaluate(() => document.querySelector<HTMLFormElement>("#retry")?.submit());
      await untilInPage(doctor, () => /^\?tab=/.test(location.search));
      assert.equal(await whose(doctor), "provider");
      await doctor.reload();
      assert.equal(await whose(doctor), "provider");
      await patient.reload();
      assert.equal(await whose(patient), "patient");
    } finally {
      await phone.close();
    }
  },
);
