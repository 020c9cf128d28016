/// <reference lib="dom" />
/** What the first app hears of a visit on `FlutterChannel`. */
import { deepEqual, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, untilPhase } from "../support/browser.ts";
import { hostEvents } from "../support/page_host.ts";
import { enterCall, type Scene, withScene } from "../support/scene.ts";
import { DEAD_JOIN, PATIENT, PROVIDER } from "../support/visit_page.ts";
import { until } from "../support/patience.ts";

/** Adds the app's channel. */
const listen = (page: Page) =>
  page.addInitScript(() => {
    const legacy: string[] = [];
    const postMessage = (text: string) => legacy.push(text);
    Object.assign(globalThis, { legacy, FlutterChannel: { postMessage } });
  });
const heard = ({ page }: Scene) =>
  page.evaluate(() => Reflect.get(globalThis, "legacy") as string[]);

browserTest("legacy events", async (browser, t) => {
  const step = (
    name: string,
    self: typeof PATIENT,
    run: (scene: Scene) => Promise<void>,
  ) =>
    t.step(name, () =>
      withScene(
        browser,
        { hosted: true, data: { self, legacyEvents: true }, before: listen },
        async (scene) => {
          scene.visit.status = "open";
          await enterCall(scene);
          await run(scene);
        },
      ));
  const started = ["SDK_READY", "MEETING_JOINED"];

  await step("a call that fails and is rejoined is no error and no end", PATIENT, async (scene) => {
    await scene.pull("stop", "TaskFailed");
    await untilPhase(scene.page, "failed");
    ok((await hostEvents(scene.page)).some((event) => event.startsWith("error/CALL_FAILED")));
    deepEqual(await heard(scene), started);
    await scene.page.click("#action");
    await enterCall(scene);
    deepEqual(await heard(scene), [...started, "MEETING_JOINED"]);
  });

  await step("the patient's app is told that the host ended the visit", PATIENT, async (scene) => {
    await scene.pull("stop", "MeetingEnded");
    await untilPhase(scene.page, "ended");
    deepEqual(await heard(scene), [...started, "MEETING_ENDED_BY_HOST"]);
  });

  await step("a provider's app is told so too if a colleague ended it", PROVIDER, async (scene) => {
    await scene.pull("stop", "MeetingEnded");
    await untilPhase(scene.page, "ended");
    deepEqual(await heard(scene), [...started, "MEETING_ENDED_BY_HOST"]);
  });

  await step("only the app of the provider who ended it is told so", PROVIDER, async (scene) => {
    const { page } = scene;
    await page.route("**/end", (route) => route.fulfill({ status: 204 }));
    await page.click("#leave");
    await page.click("#leave-all");
    await until("the request", () => page.locator("#leave-sheet").isHidden());
    await scene.pull("stop", "MeetingEnded");
    await untilPhase(page, "ended");
    deepEqual(await heard(scene), [
      ...started,
      `MEETING_ENDED_BY_PROVIDER:${DEAD_JOIN.meeting.MeetingId}`,
    ]);
  });
});
