/// <reference lib="dom" />
/** The time of the visit on the visit page, in a real browser. */
import { deepEqual, equal, match } from "node:assert/strict";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { LANGUAGES } from "../../supabase/functions/chime-page/contract/languages.ts";
import { visitTime } from "../../supabase/functions/chime-page/contract/times.ts";
import { browserTest } from "../support/browser.ts";
import { type OpenOptions, openVisit } from "../support/open_visit.ts";
import { sendCommand } from "../support/page_host.ts";
import { until } from "../support/patience.ts";

const WAITING = { state: "waiting", join: null } as const;
const MIDNIGHT = { startsAt: "2026-11-23T22:45:00Z", endsAt: "2026-11-23T23:15:00Z" };
/** In the night in which Europe's clocks go back. */
const CLOCKS_BACK = { startsAt: "2026-10-25T00:30:00Z", endsAt: "2026-10-25T01:30:00Z" };

/** The server does not know the person's zone. */
const withoutZone = (html: string) => html.replace('data-zone="Africa/Douala"', 'data-zone=""');

browserTest("the time of the visit", async (browser, t) => {
  /** What the page shows of the time, once its script has run. */
  const shown = async (data: Partial<VisitPageData>, options: OpenOptions) => {
    const { page, phone, visit, close } = await openVisit(
      browser,
      { ...WAITING, ...data },
      options,
    );
    try {
      await until("the first request", () => visit.calls.length > 0);
      deepEqual(phone.errors, []);
      const read = (id: string) => page.locator(id).textContent();
      return { time: await read("#when"), zone: await read("#zone") };
    } finally {
      await close();
    }
  };

  for (const language of LANGUAGES) {
    await t.step(`the browser and the server use the same words in ${language}`, async () => {
      for (const times of [MIDNIGHT, CLOCKS_BACK]) {
        const timezone = "Europe/Paris";
        const phone = { timezone, locale: language };
        const { time, zone } = await shown({ ...times, language }, { phone, html: withoutZone });
        equal(time, visitTime(times.startsAt, times.endsAt, language, timezone, null).text);
        equal(zone, "");
      }
    });
  }

  await t.step("the zone is named only if the device's clock says something else", async () => {
    const zoneOn = async (timezone: string) => (await shown({}, { phone: { timezone } })).zone;
    equal(await zoneOn("Africa/Douala"), "");
    // Another name for the same clock.
    equal(await zoneOn("Africa/Lagos"), "");
    equal(await zoneOn("Africa/Nairobi"), "West Africa Standard Time");
  });

  await t.step("a zone that the browser does not know stays as the server said it", async () => {
    const html = (text: string) => text.replace("Africa/Douala", "Africa/Atlantis");
    const { time, zone } = await shown({}, { html });
    equal(time, "Monday 23 November, 14:30 – 15:00");
    equal(zone, "West Africa Standard Time");
  });

  await t.step("another language keeps the zone, and its name where it differs", async () => {
    for (
      const [timezone, name] of [["Africa/Douala", ""], [
        "Africa/Nairobi",
        "heure normale",
      ]] as const
    ) {
      const { page, close } = await openVisit(browser, WAITING, { phone: { timezone } });
      try {
        await until("the menu", () => page.locator("#language").count().then(Boolean));
        await sendCommand(page, { command: "language", language: "fr" });
        await until(
          "the time in French",
          async () =>
            await page.locator("#when").textContent() === "lundi 23 novembre, 14:30 – 15:00",
        );
        match(await page.locator("#zone").textContent() ?? "", new RegExp(`^${name}`));
        equal(await page.locator("#zone").textContent() === "", name === "");
      } finally {
        await close();
      }
    }
  });

  await t.step(
    "without JavaScript nothing pulses, no button is dead, and the zone is named",
    async () => {
      const data = { ...WAITING, lobby: true };
      const { page, close } = await openVisit(browser, data, { phone: { javaScript: false } });
      try {
        const text = await page.locator("body").innerText();
        match(text, /14:30 – 15:00\s+West Africa Standard Time/);
        match(text, /need JavaScript/);
        equal(
          /Waiting for|Getting your call ready|start automatically|Leave/.test(text),
          false,
          text,
        );
        equal(await page.locator("button:visible, [role=status]:visible").count(), 0);
        const moving = await page.evaluate(() => document.getAnimations().length).catch(() => 0);
        equal(moving, 0);
      } finally {
        await close();
      }
    },
  );
});
