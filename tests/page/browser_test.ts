/// <reference lib="dom" />
import { deepEqual, equal, match, ok } from "node:assert/strict";
import {
  problemPageHashes,
  renderProblemPage,
} from "../../supabase/functions/chime-page/page/problem_page.tsx";
import { problemTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { newPhone, type Phone, untilInPage } from "../support/browser.ts";
import { NOWHERE, scene, withBrowser } from "./opened.ts";
import { HOSTILE_NAME, PATIENT, PROVIDER, until, visitData } from "./support.ts";

const WAITING: Partial<VisitPageData> = { state: "waiting", join: null };
const complaints = (phone: Phone) => phone.console.filter((line) => /^(error|warning)/.test(line));
/** Waits for a notice; on a slow machine "Please allow the microphone" may come before it. */
const notice = ({ page }: Phone, hasText: RegExp) =>
  page.locator("#notice-text", { hasText }).waitFor();
// Parts of a browser outlive its close by a moment; nothing of the page under test does.
const LOOSE = { sanitizeOps: false, sanitizeResources: false };

Deno.test({ name: "the visit page in a real browser", ...LOOSE }, async (t) => {
  await withBrowser({}, async (browser) => {
    await t.step(
      "a plain load breaks no policy, loads the SDK with integrity, keeps of its address whose tab it is",
      () =>
        scene(browser, WAITING, async ({ phone, visit, cdn }) => {
          await phone.page.goto(visit.url);
          await untilInPage(phone.page, () => "ChimeSDK" in globalThis);
          equal(new URL(phone.page.url()).search, "?tab=0a1b2c3d");
          deepEqual(complaints(phone), []);
          deepEqual(phone.errors, []);
          deepEqual(cdn.requests().map(({ status, encoding }) => `${status} ${encoding}`), [
            "200 br",
          ]);
        }),
    );

    await t.step("a hostile name shows as the text it is, and nothing of it runs", () => {
      const people = [{ ...PROVIDER, name: HOSTILE_NAME }, PATIENT];
      return scene(browser, { ...WAITING, people }, async ({ phone, visit }) => {
        await phone.page.goto(visit.url);
        await untilInPage(phone.page, () => "ChimeSDK" in globalThis);
        const shown = await phone.page.locator("#card-title bdi").textContent();
        equal(shown, HOSTILE_NAME);
        equal(await phone.page.locator("img").count(), 0);
        deepEqual([phone.dialogs, phone.errors, complaints(phone)], [[], [], []]);
      });
    });

    await t.step(
      "the waiting room joins by itself when the provider comes in",
      () =>
        scene(browser, WAITING, async ({ phone, visit, phase, heard }) => {
          await phone.page.goto(visit.url);
          await until("two questions", () => visit.calls.length >= 2);
          equal(await phase(), "waiting");
          match(await phone.page.locator("#status").innerText(), /Waiting for Dr\. Amina Nkolo/);
          visit.status = "open";
          await until("connecting", async () => await phase() === "connecting");
          equal(visit.calls.at(-1), "POST /visit/join");
          ok((await heard()).includes("state/connecting"));
        }),
    );

    await t.step(
      "leaving before the call stands is an end, said exactly once",
      () =>
        scene(browser, {}, async ({ phone, visit, phase, heard }) => {
          await phone.page.goto(visit.url);
          await until("connecting", async () => await phase() === "connecting");
          await phone.page.click("#leave");
          await until("left", async () => await phase() === "left");
          await phone.page.evaluate(() =>
            Reflect.get(globalThis, "chimePage").send({ command: "leave" })
          );
          deepEqual((await heard()).filter((line) => line.startsWith("ended")), [
            "ended/USER_LEFT",
          ]);
          equal(await phone.page.locator("#leave").isVisible(), false);
          await until("telemetry", () => visit.events.some((event) => event.name === "ended"));
        }),
    );

    await t.step(
      "the host's commands are known by name, and others are told so",
      () =>
        scene(browser, WAITING, async ({ phone, visit }) => {
          await phone.page.goto(visit.url);
          const answers = await phone.page.evaluate(() => {
            const { send } = Reflect.get(globalThis, "chimePage");
            return [
              send({ command: "language", language: "en" }),
              send({ command: "toString" }),
              send(null),
              // Neither a lobby nor a call: it is kept for the call.
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
            scene(browser, { ...WAITING, language }, async ({ phone, visit }) => {
              await phone.page.goto(visit.url);
              const found = await phone.page.evaluate(() => {
                for (const button of document.querySelectorAll("button")) button.hidden = false;
                // The buttons of a call are there in a call only.
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
        scene(browser, WAITING, async ({ phone, visit }) => {
          await phone.page.goto(visit.url);
          const text = await phone.page.locator("#card").innerText();
          match(text, /Your visit with Dr\. Amina Nkolo/);
          match(text, /23 November/);
          match(text, /need JavaScript/);
        }, { phone: { javaScript: false } }),
    );

    await t.step("the too-early page counts down and then asks again", async () => {
      let asked = 0;
      const { script, style } = problemPageHashes();
      const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
        if (new URL(request.url).pathname !== "/") return new Response(null, { status: 204 });
        asked++;
        const cspMeta = `default-src 'none'; script-src '${script}'; style-src '${style}'`;
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
      await phone.page.clock.install();
      await phone.page.goto(`http://127.0.0.1:${server.addr.port}/`);
      match(await phone.page.locator("#countdown").innerText(), /Opens in (1:00|0:\d\d)/);
      equal(asked, 1);
      await phone.page.clock.fastForward(60_000);
      await until("a second request", () => asked === 2);
      deepEqual([phone.errors, complaints(phone)], [[], []]);
      await phone.close();
      await server.shutdown();
    });
  });
});

Deno.test(
  { name: "refused devices keep nobody out", ...LOOSE },
  () =>
    withBrowser(
      { permission: "deny" },
      (browser) =>
        scene(browser, {}, async ({ phone, visit, phase }) => {
          await phone.page.goto(visit.url);
          await until("connecting", async () => await phase() === "connecting");
          await notice(phone, /microphone is blocked/);
          await until(
            "signalling was tried",
            () => phone.console.some((line) => line.includes("WebSocket connection")),
          );
        }),
    ),
);

Deno.test(
  { name: "a machine without a microphone still connects", ...LOOSE },
  () =>
    withBrowser({ devices: false }, (browser) =>
      scene(browser, {}, async ({ phone, visit }) => {
        await phone.page.goto(visit.url);
        await notice(phone, /No microphone was found/);
        await until(
          "signalling was tried",
          () => phone.console.some((line) => line.includes("WebSocket connection")),
        );
      })),
);

Deno.test({
  name: "credentials of a dead meeting are replaced once, then the person decides",
  ...LOOSE,
}, () => {
  // Signalling that knows no such meeting any more, as Chime says it (close code 4410).
  const signalling = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "_aws_wt_session" });
    socket.onopen = () => socket.close(4410, "meeting ended");
    return response;
  });
  NOWHERE.push(`ws://127.0.0.1:${signalling.addr.port}`);
  const dead = visitData().join;
  ok(dead);
  const join = {
    ...dead,
    meeting: {
      ...dead.meeting,
      MediaPlacement: {
        ...dead.meeting.MediaPlacement,
        SignalingUrl: `ws://127.0.0.1:${signalling.addr.port}/control`,
      },
    },
  };
  return withBrowser(
    {},
    (browser) =>
      scene(browser, { join }, async ({ phone, visit, phase, heard }) => {
        visit.status = "open";
        visit.join = join;
        await phone.page.goto(visit.url);
        await until("a failure", async () => await phase() === "failed");
        deepEqual(visit.calls, ["GET /visit/status", "POST /visit/join"]);
        const lines = await heard();
        ok(lines.includes("error/INIT_FAILED: MeetingEnded"), lines.join());
        ok(!lines.some((line) => line.startsWith("ended")));
        // Now the server says that the visit is over.
        visit.status = "open";
        visit.join = { problem: "visit-over", status: 410 };
        await phone.page.click("#action");
        await until("the end", async () => await phase() === "ended");
        deepEqual((await heard()).filter((line) => line.startsWith("ended")), [
          "ended/MEETING_STOPPED",
        ]);
      }),
  ).finally(() => signalling.shutdown());
});
