/// <reference lib="dom" />
/** What a call leaves behind in the page, and how much work it is while nothing happens in it. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { poll } from "../support/patience.ts";
import { looseTest } from "../support/sanitizers.ts";
import { withPair } from "./call_setup.ts";

const REJOINS = 10;

/** Each session has one object of these classes. It needs the last one until it is closed. */
const SESSION_CLASSES = [
  "RTCPeerConnection",
  "ChimeSDK.DefaultMeetingSession",
  "ChimeSDK.DefaultDeviceController",
  "ChimeSDK.ConsoleLogger",
];

/** Reads Chromium's own counters of a page, without what is only waiting to be collected. */
async function counters(page: Page) {
  const session = await page.context().newCDPSession(page);
  const counts = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
    return { nodes, listeners: jsEventListeners, functions: await objects("Function") };
  };
  /** How many objects of a class are in memory. */
  const objects = async (name: string): Promise<number> => {
    const objectGroup = "counted";
    const expression = `${name}.prototype`;
    const prototype = await session.send("Runtime.evaluate", { expression, objectGroup });
    const prototypeObjectId = prototype.result.objectId ?? "";
    const found = await session.send("Runtime.queryObjects", { prototypeObjectId, objectGroup });
    const { result } = await session.send("Runtime.callFunctionOn", {
      objectId: found.objects.objectId ?? "",
      functionDeclaration: "function () { return this.length; }",
    });
    await session.send("Runtime.releaseObjectGroup", { objectGroup });
    return result.value;
  };
  await session.send("Performance.enable");
  return {
    counts,
    /** What is in memory of sessions with Chime, by class. */
    async sessions(): Promise<Readonly<Record<string, number>>> {
      // Counting collects garbage too, but overlooks some of it.
      await session.send("HeapProfiler.collectGarbage");
      const counted: [string, number][] = [];
      for (const name of SESSION_CLASSES) counted.push([name, await objects(name)]);
      return Object.fromEntries(counted.filter(([, count]) => count > 0));
    },
    /** Listeners on what outlives every call, by their events. */
    async permanent(): Promise<readonly string[]> {
      const found: string[] = [];
      for (const expression of ["window", "document", "navigator.mediaDevices"]) {
        const { result } = await session.send("Runtime.evaluate", { expression });
        const objectId = result.objectId ?? "";
        const { listeners } = await session.send("DOMDebugger.getEventListeners", { objectId });
        found.push(...listeners.map(({ type }) => `${type} of ${expression}`));
      }
      return found.sort();
    },
    async layouts(): Promise<number> {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "LayoutCount")?.value ?? NaN;
    },
  };
}

const phase = (page: Page) => page.getAttribute("body", "data-phase");
/** The other person is there, and the own camera is shown. On a busy machine their video may pause. */
const pictures = (page: Page) => page.locator(".tile, #self:not([hidden])").count();

async function leave(page: Page): Promise<void> {
  await page.click("#leave");
  await poll("left", () => phase(page), (now) => now === "left");
}

/** Comes back, until both people are shown. */
async function comeBack(page: Page): Promise<void> {
  await page.click("#action");
  await poll("both people", () => pictures(page), (count) => count === 2);
}

/** Lets meetings have an address for the SDK's reports to AWS, which Chime's stand-in leaves out. */
async function reportToAws(page: Page): Promise<() => number> {
  let reports = 0;
  const address = `${new URL(page.url()).origin}/ingest`;
  await page.route(address, (route) => {
    reports++;
    return route.fulfill({ status: 200, body: "" });
  });
  await page.route(/\/join$/, async (route) => {
    const response = await route.fetch();
    const join = await response.json();
    join.meeting.MediaPlacement.EventIngestionUrl = address;
    await route.fulfill({ response, json: join });
  });
  return () => reports;
}

looseTest(
  "ten calls in a row leave nothing behind, and neither does the other person in a call that goes on",
  () =>
    withPair(async ({ patient, provider }) => {
      const { page } = patient.phone;
      const reports = await reportToAws(page);
      const { counts, permanent, sessions } = await counters(page);
      const theirs = await counters(provider.phone.page);
      const closed = () =>
        poll("no session", sessions, (left) => Object.keys(left).length === 0, { everyMs: 200 });
      // The first calls create what every later one uses again.
      await leave(page);
      await comeBack(page);
      await leave(page);
      await closed();
      const [before, listening, others] = [
        await counts(),
        await permanent(),
        await theirs.counts(),
      ];
      for (let times = 0; times < REJOINS; times++) {
        await comeBack(page);
        await leave(page);
      }
      await closed();
      assert.ok(reports() > 0, "the SDK reports to AWS");
      await poll("the same listeners", permanent, (now) => `${now}` === `${listening}`);
      // One more node, listener or function for each call never goes away.
      const fewer = (limit: typeof before) => (now: typeof before) =>
        now.nodes < limit.nodes + REJOINS && now.listeners < limit.listeners + REJOINS &&
        now.functions < limit.functions + REJOINS;
      const slowly = { everyMs: 200 };
      await poll("what was there before", counts, fewer(before), slowly);
      await poll("what was in the other page before", theirs.counts, fewer(others), slowly);
    }),
);

looseTest("a calm call needs hardly any layout", () =>
  withPair(async ({ patient }) => {
    const { page } = patient.phone;
    const { layouts } = await counters(page);
    /** Waits for the timer's next seconds. */
    const seconds = (count: number) =>
      page.evaluate((count) =>
        new Promise<void>((done) => {
          const timer = document.getElementById("timer");
          new MutationObserver((_, observer) => {
            if (--count > 0) return;
            observer.disconnect();
            done();
          }).observe(timer as Node, { attributeFilter: ["aria-label"] });
        }), count);
    // The pictures have found their sizes, and the control bar its place.
    await seconds(5);
    const before = await layouts();
    await seconds(20);
    const needed = await layouts() - before;
    assert.ok(needed <= 10, `${needed} layouts`);
  }));
