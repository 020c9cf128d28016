/// <reference lib="dom" />
/** Loading the SDK and the bundles: what the page retries by itself, and when it asks the person. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { browserTest, phaseOf, untilPhase } from "../support/browser.ts";
import { hostEvents } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { type CdnPage, type CdnPageOptions, withCdnPage } from "./cdn_page.ts";

/** What the telemetry says about loading. */
const effort = async ({ page, visit }: CdnPage) => {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await until("telemetry", () => visit.events.some(({ name }) => name === "sdk"));
  return visit.events.find(({ name }) => name === "sdk")?.data;
};
const errors = async ({ page }: CdnPage) =>
  (await hostEvents(page)).filter((line) => line.startsWith("error"));
const FAULTS = [
  { kind: "wrong-bytes" },
  { kind: "status", status: 403 },
  { kind: "reset" },
] as const;

browserTest("loading the SDK and the bundles", async (browser, t) => {
  const step = (
    name: string,
    run: (page: CdnPage) => Promise<void>,
    options: CdnPageOptions = {},
  ) => t.step(name, () => withCdnPage(browser, {}, run, options));

  await step("without faults each file is requested once", async (test) => {
    await test.page.goto(test.visit.url);
    await untilPhase(test.page, "connecting");
    deepEqual(await effort(test), { again: 0, elsewhere: false });
    deepEqual([test.cdn.requests().length, test.visit.files], [1, 2]);
  }, { fallback: true });

  for (const fault of FAULTS) {
    await step(`${fault.kind} once: the page retries without telling anybody`, async (test) => {
      test.cdn.fail(fault, 1);
      await test.page.goto(test.visit.url);
      await untilPhase(test.page, "connecting");
      deepEqual(await errors(test), []);
      deepEqual(await effort(test), { again: 1, elsewhere: false });
      match(test.cdn.requests().at(-1)?.path ?? "", /\?retry=/);
    });

    await step(
      `${fault.kind} every time: the page fails after three tries and offers Try again`,
      async (test) => {
        const { page, cdn } = test;
        cdn.fail(fault);
        await page.goto(test.visit.url);
        await untilPhase(page, "failed");
        equal(cdn.requests().length, 3);
        deepEqual(await errors(test), ["error/SDK_LOAD_FAILED"]);
        ok(!(await hostEvents(page)).some((line) => line.startsWith("ended")));
        equal(await page.evaluate(() => "ChimeSDK" in globalThis), false);
        match(await page.locator("#card-title").innerText(), /did not load/);
        cdn.heal();
        await page.click("#action");
        await untilPhase(page, "connecting");
      },
    );

    await step(
      `${fault.kind} every time, with a second origin: the page uses that one at once`,
      async (test) => {
        test.cdn.fail(fault);
        await test.page.goto(test.visit.url);
        await untilPhase(test.page, "connecting");
        deepEqual([test.cdn.requests().length, test.fallback.requests().length], [1, 1]);
        deepEqual(await effort(test), { again: 1, elsewhere: true });
      },
      { fallback: true },
    );
  }

  await step("an origin that hangs is given up for the second one", async (test) => {
    test.cdn.fail({ kind: "hang" });
    await test.page.clock.install();
    await test.page.goto(test.visit.url, { waitUntil: "domcontentloaded" });
    equal(test.fallback.requests().length, 0);
    await test.page.clock.fastForward(20_000);
    await untilPhase(test.page, "connecting");
    deepEqual(await errors(test), []);
    equal(test.fallback.requests().length, 1);
  }, { fallback: true, timeoutMs: 30_000 });

  await step(
    "a file that takes too long is a timeout, and is still used when it arrives",
    async ({ page, visit }) => {
      let arrive = () => {};
      const arrived = new Promise<void>((done) => arrive = done);
      await page.route("**/*.min.js", async (route) => {
        await arrived;
        await route.continue();
      });
      await page.goto(visit.url, { waitUntil: "domcontentloaded" });
      await until("a timeout", async () => (await hostEvents(page)).includes("error/SDK_TIMEOUT"));
      equal(await phaseOf(page), "failed");
      ok(await page.locator("#action").isVisible());
      // Nobody taps.
      arrive();
      await untilPhase(page, "connecting");
    },
    { timeoutMs: 100 },
  );

  await step("a bundle that is missing once, as during a release", async (test) => {
    test.visit.missing = 1;
    await test.page.goto(test.visit.url);
    await untilPhase(test.page, "connecting");
    deepEqual(await effort(test), { again: 1, elsewhere: false });
    deepEqual([test.cdn.requests().length, test.visit.files], [1, 3]);
  });

  await step(
    "bundles that stay missing: the page fails, and the person can leave",
    async ({ page, phone, visit }) => {
      visit.missing = Infinity;
      await page.goto(visit.url);
      await untilPhase(page, "failed");
      await page.click("#leave");
      await untilPhase(page, "left");
      // Closing the page is up to the host, whether there was a call or not.
      await page.click("#done");
      ok((await hostEvents(page)).includes("close/USER_DONE"));
      deepEqual(phone.errors, []);
    },
  );
});
