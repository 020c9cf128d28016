/// <reference lib="dom" />
/** The two files of a call on their way: what the page does by itself, and when it asks the person. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type Scene, scene, withBrowser } from "./opened.ts";
import { until } from "./support.ts";

const LOOSE = { sanitizeOps: false, sanitizeResources: false };
const connecting = ({ phase }: Scene) =>
  until("connecting", async () => await phase() === "connecting");
/** What the telemetry says of the loading. */
const effort = async ({ phone, visit }: Scene) => {
  await phone.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await phone.page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await until("telemetry", () => visit.events.some(({ name }) => name === "sdk"));
  return visit.events.find(({ name }) => name === "sdk")?.data;
};
const FAULTS = [
  { kind: "wrong-bytes" },
  { kind: "status", status: 403 },
  { kind: "reset" },
] as const;

Deno.test({ name: "the files of a call on their way", ...LOOSE }, async (t) => {
  await withBrowser({}, async (browser) => {
    const step = (
      name: string,
      play: (scene: Scene) => Promise<void>,
      options: Parameters<typeof scene>[3] = {},
    ) => t.step(name, () => scene(browser, {}, play, options));

    await step("without trouble each file is asked for once", async (now) => {
      await now.phone.page.goto(now.visit.url);
      await connecting(now);
      deepEqual(await effort(now), { again: 0, elsewhere: false });
      deepEqual([now.cdn.requests().length, now.visit.files], [1, 1]);
    }, { fallback: true });

    for (const fault of FAULTS) {
      await step(`${fault.kind} once: asked for again, without a word`, async (now) => {
        now.cdn.fail(fault, 1);
        await now.phone.page.goto(now.visit.url);
        await connecting(now);
        deepEqual((await now.heard()).filter((line) => line.startsWith("error")), []);
        deepEqual(await effort(now), { again: 1, elsewhere: false });
        match(now.cdn.requests().at(-1)?.path ?? "", /\?retry=/);
      });

      await step(
        `${fault.kind} for good: a failure after three tries, and Try again`,
        async (now) => {
          now.cdn.fail(fault);
          await now.phone.page.goto(now.visit.url);
          await until("a failure", async () => await now.phase() === "failed");
          equal(now.cdn.requests().length, 3);
          const lines = await now.heard();
          deepEqual(lines.filter((line) => line.startsWith("error")), ["error/SDK_LOAD_FAILED"]);
          ok(!lines.some((line) => line.startsWith("ended")));
          equal(await now.phone.page.evaluate(() => "ChimeSDK" in globalThis), false);
          match(await now.phone.page.locator("#card-title").innerText(), /did not load/);
          now.cdn.heal();
          await now.phone.page.click("#action");
          await connecting(now);
        },
      );

      await step(
        `${fault.kind} for good, with a second origin: taken from there at once`,
        async (now) => {
          now.cdn.fail(fault);
          await now.phone.page.goto(now.visit.url);
          await connecting(now);
          deepEqual([now.cdn.requests().length, now.second.requests().length], [1, 1]);
          deepEqual(await effort(now), { again: 1, elsewhere: true });
        },
        { fallback: true },
      );
    }

    await step("an origin that says nothing is left for the second one", async (now) => {
      now.cdn.fail({ kind: "hang" });
      await now.phone.page.clock.install();
      await now.phone.page.goto(now.visit.url, { waitUntil: "domcontentloaded" });
      equal(now.second.requests().length, 0);
      await now.phone.page.clock.fastForward(20_000);
      await connecting(now);
      deepEqual((await now.heard()).filter((line) => line.startsWith("error")), []);
      equal(now.second.requests().length, 1);
    }, { fallback: true, timeoutMs: 30_000 });

    await step(
      "a file that does not come is a timeout, and still welcome when it comes",
      async (now) => {
        let arrive = () => {};
        const arrived = new Promise<void>((done) => arrive = done);
        await now.phone.page.route("**/*.min.js", async (route) => {
          await arrived;
          await route.continue();
        });
        await now.phone.page.goto(now.visit.url, { waitUntil: "domcontentloaded" });
        await until("a timeout", async () => (await now.heard()).includes("error/SDK_TIMEOUT"));
        equal(await now.phase(), "failed");
        ok(await now.phone.page.locator("#action").isVisible());
        // Nobody taps.
        arrive();
        await connecting(now);
      },
      { timeoutMs: 100 },
    );

    await step("the call's own file is missing once, as while a release goes out", async (now) => {
      now.visit.missing = 1;
      await now.phone.page.goto(now.visit.url);
      await connecting(now);
      deepEqual(await effort(now), { again: 1, elsewhere: false });
      deepEqual([now.cdn.requests().length, now.visit.files], [1, 2]);
    });

    await step(
      "the call's own file is missing for good: a failure, and leaving works",
      async (now) => {
        now.visit.missing = Infinity;
        await now.phone.page.goto(now.visit.url);
        await until("a failure", async () => await now.phase() === "failed");
        await now.phone.page.click("#leave");
        await until("left", async () => await now.phase() === "left");
        // The host closes the page, call or no call.
        await now.phone.page.click("#done");
        ok((await now.heard()).includes("close/USER_DONE"));
        deepEqual(now.phone.errors, []);
      },
    );
  });
});
