/// <reference lib="dom" />
import assert from "node:assert/strict";
import { SDK_DIRECTORY } from "../../sdk/build.ts";
import { startCdn } from "../../dev/cdn/origin.ts";
import { launchBrowser, onPhone, untilInPage } from "../support/browser.ts";
import { testedSdk } from "../support/sdk.ts";
import { chimeCalls, createVisit, passUrl, startTestStack } from "../support/visits.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";

// A second origin with the same bytes, as an operator may set one.
const sdk = await testedSdk();
const fallback = await startCdn({ directory: SDK_DIRECTORY });
const stack = await startTestStack({
  environment: { CHIME_SDK_FALLBACK_URL: `${fallback.url}/${sdk.file}` },
});
const browser = await launchBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await stack.stop();
  await fallback.close();
});

looseTest(
  "the provider's link loads the SDK from the CDN with its hash and creates one meeting",
  async () => {
    const visit = await createVisit(stack);
    const mark = stack.chime.requests().length;
    const fetched = stack.cdn.requests().length;
    await onPhone(
      browser,
      await passUrl(visit, visit.provider),
      async ({ page, console }, status) => {
        assert.equal(status, 200);
        await untilInPage(page, () => "ChimeSDK" in globalThis);
        const script = page.locator("script#chime-sdk");
        assert.equal(await script.getAttribute("src"), `${stack.cdn.url}/${sdk.file}`);
        assert.equal(await script.getAttribute("integrity"), sdk.integrity);
        assert.equal(await script.getAttribute("crossorigin"), "anonymous");
        assert.ok(stack.cdn.requests().slice(fetched).some((one) => one.status === 200));
        assert.deepEqual(console.filter((line) => /Content Security Policy/i.test(line)), []);
      },
    );
    assert.equal(chimeCalls(stack, "CreateMeeting", mark), 1);
    assert.equal(chimeCalls(stack, "CreateAttendee", mark), 1);

    await onPhone(browser, await passUrl(visit, visit.patient), (_phone, status) => {
      assert.equal(status, 200);
      return Promise.resolve();
    });
    assert.equal(chimeCalls(stack, "CreateMeeting", mark), 1);
    assert.equal(chimeCalls(stack, "CreateAttendee", mark), 2);
  },
);

looseTest(
  "a reload works, the link in a second browser does not, and the address keeps no pass",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider);
    await onPhone(browser, url, async ({ page }) => {
      await untilInPage(page, () => !location.search.includes("pass"));
      const reloaded = await page.reload();
      assert.equal(reloaded?.status(), 200);
      await untilInPage(page, () => "ChimeSDK" in globalThis);
      await until("the page's first request", async () => {
        const [pass] = await stack.supabase.sql(
          "select spent_at from chime_page.passes where appointment_id = $1",
          [visit.id],
        );
        return pass?.["spent_at"] !== null;
      });
    });
    await onPhone(browser, url, async ({ page }, status) => {
      assert.equal(status, 410);
      assert.match(await page.locator("h1").innerText(), /link/i);
    });
  },
);

looseTest("a chosen language survives a reload, for this visit only", async () => {
  const visit = await createVisit(stack);
  const other = await createVisit(stack);
  await onPhone(
    browser,
    await passUrl(visit, visit.patient),
    async ({ page, context, console }) => {
      const language = () => page.getAttribute("html", "lang");
      assert.equal(await language(), "en");
      await page.waitForSelector("#language", { state: "attached" });
      await page.evaluate(() => {
        const select = document.getElementById("language") as HTMLSelectElement;
        select.value = "fr";
        select.dispatchEvent(new Event("change"));
      });
      await until("the page in French", async () => await language() === "fr");
      await page.reload();
      // By the server, before any script runs.
      assert.equal(await language(), "fr");
      await page.waitForSelector("#language", { state: "attached" });
      assert.equal(await page.locator("#language").inputValue(), "fr");
      const next = await context.newPage();
      await next.goto(await passUrl(other, other.patient));
      assert.equal(await next.getAttribute("html", "lang"), "en");
      assert.deepEqual(console.filter((line) => /Content Security Policy/i.test(line)), []);
    },
  );
});

looseTest("a hostile display name is shown as text", async () => {
  const name = "</script><img src=x onerror=alert(1)>\u2028\u202Eabc\u202C😀";
  const visit = await createVisit(stack, { patientName: name });
  await onPhone(browser, await passUrl(visit, visit.provider), async ({ page, dialogs }) => {
    await untilInPage(page, () => "ChimeSDK" in globalThis);
    const text = await page.evaluate(() => document.body.innerText);
    assert.ok(text.includes("<img src=x onerror=alert(1)>"), text);
    assert.ok(text.includes("😀"));
    assert.equal(await page.locator("img").count(), 0);
    assert.deepEqual(dialogs, []);
  });
});

looseTest(
  "an SDK origin that fails is replaced by the fallback without telling the person",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider);
    const before = fallback.requests().length;
    stack.cdn.fail({ kind: "status", status: 503 }, 5);
    try {
      await onPhone(browser, url, async ({ page, console }) => {
        await untilInPage(page, () => "ChimeSDK" in globalThis);
        assert.notEqual(await page.evaluate(() => document.body.dataset["phase"]), "failed");
        assert.deepEqual(console.filter((line) => /Content Security Policy/i.test(line)), []);
      });
    } finally {
      stack.cdn.heal();
    }
    assert.equal(fallback.requests().length, before + 1);
  },
);
