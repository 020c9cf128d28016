import assert from "node:assert/strict";
import { launchBrowser, onPhone, untilInPage } from "../support/browser.ts";
import {
  createVisit,
  openAndSpend,
  openByToken,
  passUrl,
  startTestStack,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

// Without a custom domain the platform rewrites HTML, and the CloudFront proxy restores it.
const stack = await startTestStack({ front: true, hostedDomain: true });
const browser = await launchBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await stack.stop();
});
const INTERNAL_HEADERS = ["x-chime-page-status", "x-chime-page-type", "x-chime-page-policy"];

looseTest(
  "through the CloudFront proxy the page renders in a browser and loads its SDK",
  async () => {
    const visit = await createVisit(stack);
    const url = await passUrl(visit, visit.provider);
    assert.ok(url.startsWith(stack.pageUrl) && !url.startsWith(stack.baseUrl), url);
    await onPhone(browser, url, async ({ page, console }, status) => {
      assert.equal(status, 200);
      await untilInPage(page, () => "ChimeSDK" in globalThis);
      assert.match(await page.locator("body").innerText(), /Amina Yaya/);
      assert.deepEqual(console.filter((line) => /Content Security Policy/i.test(line)), []);
      const reloaded = await page.reload();
      assert.equal(reloaded?.status(), 200);
      await untilInPage(page, () => "ChimeSDK" in globalThis);
    });
  },
);

looseTest("problem pages render too, with their real status", async () => {
  const visit = await createVisit(stack);
  const url = await passUrl(visit, visit.provider);
  await openAndSpend(url);
  for (
    const [address, expected] of [
      [url, 410],
      [visit.url, 401],
      [`${stack.pageUrl}/not-an-id`, 400],
    ] as const
  ) {
    await onPhone(browser, address, async ({ page, console }, status) => {
      assert.equal(status, expected);
      assert.ok((await page.locator("h1").innerText()).length > 3);
      assert.equal(await page.evaluate("document.contentType"), "text/html");
      assert.deepEqual(console.filter((line) => /Content Security Policy/i.test(line)), []);
    });
  }
});

looseTest("the page's requests keep their statuses, bodies and cookies", async () => {
  const visit = await createVisit(stack);
  const page = await openByToken(visit, visit.provider);
  const html = await page.text();
  for (const name of INTERNAL_HEADERS) assert.equal(page.headers.get(name), null);
  assert.match(
    page.headers.get("set-cookie") ?? "",
    /^chime_page_session_[0-9a-f]{8}=.*Partitioned/,
  );
  const session = /"session":"([\w-]{43})"/.exec(html)?.[1] ?? "";
  const headers = { Authorization: `Bearer ${session}` };
  const state = await fetch(`${visit.url}/status`, { headers });
  assert.deepEqual([state.status, (await state.json()).state], [200, "open"]);
  const preflight = await fetch(visit.url, { method: "OPTIONS" });
  assert.deepEqual([preflight.status, await preflight.text()], [204, ""]);
  const wrong = await fetch(`${visit.url}/status`, { method: "DELETE" });
  assert.equal(wrong.status, 405);
  assert.equal((await wrong.json()).type, "urn:chime-page:problem:method-not-allowed");
  const ended = await fetch(`${visit.url}/end`, { method: "POST", headers });
  assert.deepEqual([ended.status, await ended.text()], [204, ""]);
});

looseTest(
  "without the CloudFront proxy the response is text, with the real status and no internal headers",
  async () => {
    const visit = await createVisit(stack);
    const direct = visit.url.replace(stack.pageUrl, `${stack.baseUrl}/functions/v1/chime-page`);
    for (const secret of [undefined, "guessed-secret-of-the-local-front-of-chime-page"]) {
      const answer = await fetch(direct, {
        headers: { Accept: "text/html", ...(secret ? { "X-Chime-Page-Front": secret } : {}) },
      });
      await answer.body?.cancel();
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get("content-type"), "text/plain");
      for (const name of INTERNAL_HEADERS) assert.equal(answer.headers.get(name), null);
    }
  },
);

looseTest("a viewer's own secret header is not forwarded by the CloudFront proxy", async () => {
  const visit = await createVisit(stack);
  const answer = await fetch(visit.url, {
    headers: { Accept: "text/html", "X-Chime-Page-Front": "wrong" },
  });
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(await answer.text(), /^<!doctype html>/i);
});
