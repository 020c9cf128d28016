/// <reference lib="dom" />
/** The visit page as it loads, waits, leaves and fits screens, in a real browser. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import {
  problemPageHashes,
  renderProblemPage,
} from "../../supabase/functions/chime-page/page/problem_page.tsx";
import { problemTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { browserTest, newPhone, phaseOf, untilInPage, untilPhase } from "../support/browser.ts";
import { hostEvents, sendCommand } from "../support/page_host.ts";
import { until } from "../support/patience.ts";
import { HOSTILE_NAME, PATIENT, PROVIDER } from "../support/visit_page.ts";
import { complaints, withCdnPage } from "./cdn_page.ts";

const WAITING: Partial<VisitPageData> = { state: "waiting", join: null };

browserTest("the visit page in a real browser", async (browser, t) => {
  await t.step(
    "a load violates no policy, loads the SDK with integrity, and keeps only the tab in its address",
    () =>
      withCdnPage(browser, WAITING, async ({ phone, page, visit, cdn }) => {
        await page.goto(visit.url);
        await untilInPage(page, () => "ChimeSDK" in globalThis);
        equal(new URL(page.url()).search, "?tab=0a1b2c3d");
        deepEqual(complaints(phone), []);
        deepEqual(phone.errors, []);
        deepEqual(cdn.requests().map(({ status, encoding }) => `${status} ${encoding}`), [
          "200 br",
        ]);
      }),
  );

  await t.step("a hostile name is shown as text, and none of it runs", () => {
    const people = [{ ...PROVIDER, name: HOSTILE_NAME }, PATIENT];
    return withCdnPage(browser, { ...WAITING, people }, async ({ phone, page, visit }) => {
      await page.goto(visit.url);
      await untilInPage(page, () => "ChimeSDK" in globalThis);
      const shown = await page.locator("#card-title bdi").textContent();
      equal(shown, HOSTILE_NAME);
      equal(await page.locator("img").count(), 0);
      deepEqual([phone.dialogs, phone.errors, complaints(phone)], [[], [], []]);
    });
  });

  await t.step(
    "the waiting room joins by itself when the provider comes in",
    () =>
      withCdnPage(browser, WAITING, async ({ page, visit }) => {
        await page.goto(visit.url);
        await until("two status requests", () => visit.calls.length >= 2);
        equal(await phaseOf(page), "waiting");
        match(await page.locator("#status").innerText(), /Waiting for Dr\. Amina Nkolo/);
        visit.status = "open";
        await untilPhase(page, "connecting");
        equal(visit.calls.at(-1), "POST /visit/join");
        ok((await hostEvents(page)).includes("state/connecting"));
      }),
  );

  await t.step(
    "leaving before the call is connected is reported to the host as its end, once",
    () =>
      withCdnPage(browser, {}, async ({ page, visit }) => {
        await page.goto(visit.url);
        await untilPhase(page, "connecting");
        await page.click("#leave");
        await untilPhase(page, "left");
        await sendCommand(page, { command: "leave" });
        deepEqual((await hostEvents(page)).filter((line) => line.startsWith("ended")), [
          "ended/USER_LEFT",
        ]);
        equal(await page.locator("#leave").isVisible(), false);
        await until("telemetry", () => visit.events.some((event) => event.name === "ended"));
      }),
  );

  await t.step(
    "a host's command is handled if the page knows it, and answered with false if not",
    () =>
      withCdnPage(browser, WAITING, async ({ page, visit }) => {
        await page.goto(visit.url);
        const answers = await page.evaluate(() => {
          const { send } = Reflect.get(globalThis, "chimePage");
          return [
            send({ command: "language", language: "en" }),
            send({ command: "toString" }),
            send(null),
            // Neither a lobby nor a call: the page keeps it for the call.
            send({ command: "mute" }),
            send({ command: "flip-camera" }),
          ];
        });
        deepEqual(answers, [true, false, false, true, false]);
      }),
  );

  for (const [width, height] of [[360, 640], [1280, 800], [640, 360], [320, 568]] as const) {
    for (const language of ["en", "fr"] as const) {
      await t.step(
        `nothing overflows at ${width}x${height} in ${language}`,
        () =>
          withCdnPage(browser, { ...WAITING, language }, async ({ page, visit }) => {
            await page.goto(visit.url);
            const found = await page.evaluate(() => {
              for (const button of document.querySelectorAll("button")) button.hidden = false;
              // The buttons of a call exist only in a call.
              document.getElementById("app")?.classList.add("calling");
              document.getElementById("notice")?.removeAttribute("hidden");
              const out = [...document.querySelectorAll("body *")].filter((node) => {
                const box = node.getBoundingClientRect();
                const wide = box.right > innerWidth + 0.5 || box.left < -0.5;
                return wide && !node.closest(".unseen, svg");
              });
              const small = [...document.querySelectorAll("button")].filter((node) => {
                if (node.getClientRects().length === 0) return false;
                const box = node.getBoundingClientRect();
                return box.width < 48 || box.height < 48;
              });
              const ids = (nodes: Element[]) => nodes.map((node) => node.id || node.className);
              const bar = document.getElementById("controls")?.getBoundingClientRect();
              return { out: ids(out), small: ids(small), low: (bar?.bottom ?? 0) > innerHeight };
            });
            deepEqual(found, { out: [], small: [], low: false });
          }, { phone: { width, height } }),
      );
    }
  }

  await t.step(
    "without JavaScript the page still says who, when and what to do",
    () =>
      withCdnPage(browser, WAITING, async ({ page, visit }) => {
        await page.goto(visit.url);
        const text = await page.locator("#card").innerText();
        match(text, /Your visit with Dr\. Amina Nkolo/);
        match(text, /23 November/);
        match(text, /need JavaScript/);
      }, { phone: { javaScript: false } }),
  );

  await t.step("the too-early page counts down and then loads again", async () => {
    let asked = 0;
    const { script, style } = problemPageHashes();
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      if (new URL(request.url).pathname !== "/") return new Response(null, { status: 204 });
      asked++;
      const cspMeta =
        `default-src 'none'; script-src '${script}'; style-src '${style}'; img-src data:`;
      const { html } = renderProblemPage({
        texts: problemTexts("en")["too-early"],
        status: 403,
        requestId: "r",
        language: "en",
        opensAt: "2026-11-23T13:15:00Z",
        retryAfterSeconds: 60,
        cspMeta,
      });
      return new Response(html, { headers: { "content-type": "text/html" } });
    });
    const phone = await newPhone(browser);
    const { page } = phone;
    await page.clock.install();
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    match(await page.locator("#countdown").innerText(), /Opens in (1:00|0:\d\d)/);
    equal(asked, 1);
    await page.clock.fastForward(60_000);
    await until("a second request", () => asked === 2);
    deepEqual([phone.errors, complaints(phone)], [[], []]);
    await phone.close();
    await server.shutdown();
  });
});
