/// <reference lib="dom" />
import assert from "node:assert/strict";
import { clientTexts, problemTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { poll, until } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { serveVisit } from "../support/visit_server.ts";
import { createVisit, passUrl, startTestStack } from "../support/visits.ts";
import { placeOf } from "./engine.ts";
import { startWebKit, type WebKitPage } from "./webkit.ts";

let page: WebKitPage;
Deno.test.beforeAll(async () => {
  page = await startWebKit();
});
Deno.test.afterAll(() => page.close());

const textOf = () => document.body.innerText;
const phaseOf = () => document.body.getAttribute("data-phase");

/** Debian's WebKit has no WebRTC. The page only asks whether there is any, until the call begins. */
const WITH_WEBRTC = "globalThis.RTCPeerConnection = class {};";
const KEEP_VIOLATIONS = "globalThis.violations = [];" +
  "addEventListener('securitypolicyviolation', (event) => violations.push(event.blockedURI));";
const REFUSED = "navigator.mediaDevices.getUserMedia = () => " +
  "Promise.reject(new DOMException('', 'NotAllowedError'));";

/** Shows a visit's lobby. */
async function withLobby(script: string, run: () => Promise<void>): Promise<void> {
  const visit = serveVisit({ lobby: true }, {
    sdk: "slow",
    script: WITH_WEBRTC + KEEP_VIOLATIONS + script,
  });
  try {
    await page.goto(visit.url);
    await until("the lobby", async () => await page.evaluate(phaseOf) === "lobby");
    await run();
    assert.deepEqual(await page.evaluate(() => Reflect.get(globalThis, "violations")), []);
    assert.deepEqual(page.complaints, []);
  } finally {
    await page.goto("about:blank");
    await visit.close();
  }
}

looseTest(
  "in WebKit a person without WebRTC comes in by a link, and reads what to do",
  async () => {
    await using started = new AsyncDisposableStack();
    const stack = started.adopt(await startTestStack(), (one) => one.stop());
    const visit = await createVisit(stack);
    const link = await passUrl(visit, visit.patient, { opens: "by-tap" });
    await page.goto(`${link}&lang=fr`);
    await page.press("form button");
    await poll(
      "the visit",
      () => page.evaluate(textOf),
      (text) =>
        text.includes(clientTexts("fr").unsupported) &&
        text.includes(clientTexts("fr").unsupportedHelp),
    );
    assert.match(
      await page.evaluate(() => location.search),
      /^\?tab=[0-9a-f]{8}&lang=fr$/,
    );
    assert.deepEqual(page.complaints, []);
    // WebKit refuses the session's cookie without TLS.
    await page.reload();
    const { title, nextStep } = problemTexts("fr").unauthenticated;
    const text = await page.evaluate(textOf);
    assert.ok(text.includes(title) && text.includes(nextStep), text);
  },
);

looseTest(
  "in WebKit the lobby shows the camera, speaks another language, and joins",
  () =>
    withLobby("", async () => {
      await until("a moving preview", () =>
        page.evaluate(() =>
          (document.getElementById("look") as HTMLVideoElement | null)?.currentTime ?? 0
        ).then((seconds) =>
          seconds > 0.5
        ));
      for (const control of ["#try-mic", "#try-camera", "#join", "#more", "#leave"]) {
        await placeOf(page, control);
      }
      await page.press("#more");
      // Styled by the in-call bundle, which inserts its style by script.
      await placeOf(page, "#language");
      await page.evaluate(() => {
        const menu = document.getElementById("language") as HTMLSelectElement;
        menu.value = "ar";
        menu.dispatchEvent(new Event("change"));
      });
      await until("Arabic", () => page.evaluate(() => document.documentElement.dir === "rtl"));
      assert.match(await page.evaluate(() => location.search), /&lang=ar$/);
      await page.evaluate(() => history.go(0));
      await until(
        "the lobby",
        async () => await page.evaluate(phaseOf).catch(() => "") === "lobby",
      );
      await page.press("#join");
      await until("joining", async () => await page.evaluate(phaseOf) !== "lobby");
    }),
);

looseTest(
  "in WebKit a person whose devices are refused reads how to allow them",
  () =>
    withLobby(REFUSED, async () => {
      await poll("the help", () =>
        page.evaluate(textOf), (text) =>
        text.includes(clientTexts("en").allowSafari));
    }),
);
