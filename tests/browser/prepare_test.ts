/// <reference lib="dom" />
/** The page that loads the files of a visit before the visit. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { launchBrowser, newPhone, type Phone, untilPhase } from "../support/browser.ts";
import { until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { keepRecords } from "../support/visitor.ts";
import { createVisit, passUrl, startTestStack } from "../support/visits.ts";

const stack = await startTestStack();
const browser = await launchBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const FILES =
  /\/(?:chime-sdk-[^/]+|files\/(?:lobby|call)-(?<language>[a-z]+)-[0-9a-f]+)(?:\.min)?\.js$/;

/** Records the requests of a page that leave the browser's cache, by their address. */
async function network(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const started = new Map<string, string>();
  const cached = new Set<string>();
  session.on(
    "Network.requestWillBeSent",
    ({ requestId, request }) => void started.set(requestId, request.url),
  );
  session.on("Network.requestServedFromCache", ({ requestId }) => void cached.add(requestId));
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.fromDiskCache) cached.add(requestId);
  });
  return {
    fetched: () => [...started].filter(([id]) => !cached.has(id)).map(([, url]) => url),
    seen: () => [...started.values()],
  };
}

/** Opens the page as an app does, in a web view that nobody sees, and returns what it says. */
async function prepare({ page }: Phone, query = ""): Promise<string[]> {
  await page.addInitScript(keepRecords);
  await page.goto(`${stack.pageUrl}/prepare${query}`);
  const heard = () => page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
  await until("an answer", async () => (await heard()).length > 0);
  assert.deepEqual(await page.evaluate(() => Reflect.get(globalThis, "stopped")), []);
  return (await heard()).map((text) => {
    const { event, data } = JSON.parse(text);
    return `${event} ${data.state}`;
  });
}

async function withPhone(run: (phone: Phone) => Promise<void>, locale = "en-GB"): Promise<void> {
  const phone = await newPhone(browser, { locale });
  try {
    await run(phone);
    assert.deepEqual(phone.errors, []);
  } finally {
    await phone.close();
    stack.cdn.heal();
  }
}

looseTest(
  "a prepared visit fetches none of its files, and preparing again fetches nothing",
  () =>
    withPhone(async (phone) => {
      const first = await network(phone.page);
      assert.deepEqual(await prepare(phone), ["prepare prepared"]);
      assert.equal(first.fetched().filter((url) => FILES.test(url)).length, 3);
      assert.deepEqual(await phone.context.cookies(), []);

      const again = { ...phone, page: await phone.context.newPage() };
      const second = await network(again.page);
      assert.deepEqual(await prepare(again), ["prepare prepared"]);
      assert.deepEqual(second.fetched().filter((url) => !url.startsWith("data:")), []);

      const visit = await createVisit(stack);
      const page = await phone.context.newPage();
      const third = await network(page);
      await page.goto(await passUrl(visit, visit.provider));
      await untilPhase(page, "lobby");
      await until("the files", () => third.seen().filter((url) => FILES.test(url)).length === 3);
      await until("the SDK", () => page.evaluate(() => "ChimeSDK" in globalThis));
      assert.deepEqual(third.fetched().filter((url) => FILES.test(url)), []);
    }),
);

looseTest("the bundles are those of the language asked for, or of the browser", async () => {
  for (const [query, locale, language] of [["?lang=sw", "fr-CM", "sw"], ["", "fr-CM", "fr"]]) {
    await withPhone(async (phone) => {
      const requests = await network(phone.page);
      assert.deepEqual(await prepare(phone, query), ["prepare prepared"]);
      const languages = requests.seen().map((url) => FILES.exec(url)?.groups?.["language"]);
      assert.deepEqual(languages.filter((one) => one), [language, language]);
    }, locale);
  }
});

looseTest("a CDN that fails, breaks off or sends other bytes is told to the app", async () => {
  for (
    const fault of [
      { kind: "status", status: 503 },
      { kind: "reset" },
      { kind: "wrong-bytes" },
    ] as const
  ) {
    await withPhone(async (phone) => {
      stack.cdn.fail(fault);
      assert.deepEqual(await prepare(phone), ["prepare failed"], fault.kind);
    });
  }
});

looseTest("with data saving on, nothing is loaded, and the app is told", async () => {
  const ways: ((phone: Phone) => Promise<unknown>)[] = [
    ({ context }) => context.setExtraHTTPHeaders({ "Save-Data": "on" }),
    ({ page }) =>
      page.addInitScript(() =>
        Object.defineProperty(navigator, "connection", { value: { saveData: true } })
      ),
  ];
  for (const save of ways) {
    await withPhone(async (phone) => {
      await save(phone);
      const requests = await network(phone.page);
      assert.deepEqual(await prepare(phone), ["prepare data-saver"]);
      assert.deepEqual(requests.seen().filter((url) => FILES.test(url)), []);
    });
  }
});
