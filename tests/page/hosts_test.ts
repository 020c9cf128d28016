/// <reference lib="dom" />
/** The bridge between the page and the hosts that show it. */
import { deepEqual, equal, match } from "node:assert/strict";
import type { Browser } from "playwright-core";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { browserTest, newPhone, type Phone } from "../support/browser.ts";
import { serveVisit } from "../support/visit_server.ts";
import { openVisit } from "../support/open_visit.ts";
import { sendCommand } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { HOSTS, injectHost } from "./host_objects.ts";

const WAITING: Partial<VisitPageData> = { state: "waiting", join: null };

/** Asserts what every host must have received, whatever else the page reports of its states. */
function assertComplete(texts: readonly string[]): void {
  const heard = parse(texts);
  match(heard[0] ?? "", /^state /);
  const decisive = heard.filter((line) => /^(answer|ended|error|ready)/.test(line));
  deepEqual(decisive, [
    'answer {"id":1,"command":"back","handled":false}',
    "ended USER_LEFT",
  ]);
  deepEqual(heard.filter((line) => line.startsWith("keep-awake")), [
    'keep-awake {"on":true}',
    'keep-awake {"on":false}',
  ]);
  deepEqual(heard.filter((line) => line === "state left"), ["state left"]);
}

/** `event data` of each message, whose envelope must be of version 1. */
function parse(texts: readonly string[]): string[] {
  return texts.map((text) => {
    const { event, data, timestamp, version, ...rest } = JSON.parse(text);
    deepEqual([typeof timestamp, version, rest], ["number", 1, {}]);
    return `${event} ${typeof data === "string" ? data : JSON.stringify(data)}`;
  });
}

/** A waiting person leaves, in the web view of one host. */
async function leaveInWebView(browser: Browser, host: string): Promise<void> {
  const { phone, page, visit, close } = await openVisit(browser, WAITING, {
    before: (page) => page.addInitScript(injectHost, host),
  });
  try {
    await until("the first request", () => visit.calls.length > 0);
    const heard = () => page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
    if (host.endsWith("late")) {
      deepEqual(await heard(), []);
      await page.evaluate(() => Reflect.get(globalThis, "becomeReady")());
    }
    equal(await sendCommand(page, { command: "back", id: 1 }), false);
    // Neither a lobby nor a call: the page keeps it for the call.
    equal(await sendCommand(page, { command: "mute" }), true);
    equal(await sendCommand(page, { command: "leave" }), true);
    await sendCommand(page, { command: "leave" });
    const texts = await heard();
    if (host === "none") deepEqual(texts, []);
    else assertComplete(texts);
    deepEqual(phone.errors, []);
  } finally {
    await close();
  }
}

/** A test with a site that frames the page. */
async function withFramingSite(
  browser: Browser,
  configured: boolean,
  run: (site: {
    heard(): Promise<{ origin: string; data: string }[]>;
    post(message: unknown): Promise<void>;
    readonly phone: Phone;
    readonly visitOrigin: string;
    phase(): Promise<string | null>;
  }) => Promise<void>,
): Promise<void> {
  const site = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () =>
    new Response(
      `<!doctype html><script>heard = []; addEventListener("message", ({origin, data}) => heard.push({origin, data}))</script>
<iframe src="${visit.url}" allow="camera; microphone; autoplay; fullscreen; screen-wake-lock"></iframe>`,
      { headers: { "content-type": "text/html" } },
    ));
  const origin = `http://127.0.0.1:${site.addr.port}`;
  const hostOrigins = ["https://other.example", ...(configured ? [origin] : [])];
  const visit = serveVisit({ ...WAITING, hostOrigins }, { ancestors: origin });
  const phone = await newPhone(browser);
  try {
    await phone.page.goto(origin);
    await until("the first request", () => visit.calls.length > 0);
    await run({
      phone,
      visitOrigin: visit.origin,
      heard: () =>
        phone.page.evaluate(() =>
          Reflect.get(globalThis, "heard") as { origin: string; data: string }[]
        ),
      post: (message) =>
        phone.page.evaluate((posted) => {
          document.querySelector("iframe")?.contentWindow?.postMessage(posted, "*");
        }, message),
      phase: () =>
        phone.page.frameLocator("iframe >> nth=0").locator("body").getAttribute("data-phase"),
    });
    deepEqual(phone.errors, []);
  } finally {
    await phone.close();
    await visit.close();
    await site.shutdown();
  }
}

browserTest("the bridge keeps its contract with the objects of each host", async (browser, t) => {
  for (const host of HOSTS) await t.step(host, () => leaveInWebView(browser, host));

  await t.step(
    "a configured site that frames the page receives its messages and can command it",
    () =>
      withFramingSite(browser, true, async ({ heard, post, visitOrigin, phase }) => {
        await post({ command: "back", id: 1 });
        await post(JSON.stringify({ command: "leave" }));
        await post({ command: "leave" });
        const texts = async () => (await heard()).map(({ data }) => data);
        await until("the end", async () => (await texts()).some((text) => /"ended"/.test(text)));
        assertComplete(await texts());
        deepEqual([...new Set((await heard()).map(({ origin }) => origin))], [visitOrigin]);
        equal(await phase(), "left");
      }),
  );

  await t.step(
    "a site of another origin receives nothing and cannot command the page",
    () =>
      withFramingSite(browser, false, async ({ heard, post, phase, phone }) => {
        await post({ command: "leave" });
        // Messages keep their order: when this one arrives, the command before it was ignored.
        const inner = phone.page.frames()[1];
        await inner?.evaluate(() =>
          new Promise<void>((done) => {
            addEventListener("message", ({ data }) => data === "last" && done());
            parent.postMessage("ask", "*");
            setTimeout(() => postMessage("last", "*"));
          })
        );
        equal(await phase(), "waiting");
        deepEqual((await heard()).map(({ data }) => data), ["ask"]);
      }),
  );

  await t.step(
    "a frame of the right origin cannot command the page unless it is its parent",
    () =>
      withFramingSite(browser, true, async ({ phase, phone, visitOrigin }) => {
        // A second frame of the same site is a sibling, not the parent.
        await phone.page.evaluate(() => {
          const sibling = document.createElement("iframe");
          document.body.append(sibling);
          const target = frames[0];
          const make = Reflect.get(sibling.contentWindow as object, "Function");
          make("page", "page.postMessage({command: 'leave'}, '*')")(target);
          target?.postMessage({ command: "back", id: 2 }, "*");
        });
        await until("the parent's own command was answered", () =>
          phone.page.evaluate(() =>
            (Reflect.get(globalThis, "heard") as { data: string }[]).some(({ data }) =>
              data.includes('"answer"')
            )
          ));
        equal(await phase(), "waiting");
        equal(visitOrigin.startsWith("http://127.0.0.1:"), true);
      }),
  );
});
