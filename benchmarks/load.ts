/// <reference lib="dom" />
/**
 * From an address to the other person's picture, on an emulated slow 3G with a processor six times
 * slower: the page that this project replaces, in three ways, and this page cold, warm and prepared.
 * Writes its section of figures.md, the plot, and docs/performance.md.
 *
 *   deno task bench:load [runs]
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { ensureSdk } from "../sdk/build.ts";
import { table } from "../sdk/sizes.ts";
import { launchBrowser, untilInPage } from "../tests/support/browser.ts";
import { poll } from "../tests/support/patience.ts";
import { keepRecords } from "../tests/support/visitor.ts";
import {
  createVisit,
  openByToken,
  pageData,
  passUrl,
  type TestVisit,
} from "../tests/support/visits.ts";
import { record } from "../tools/figures.ts";
import { startBenchStack } from "./support/bench_stack.ts";
import { type Conditions, inTurns, loadOnce, median, servePage } from "./support/load_time.ts";
import { openCall, type Opening } from "./support/open_call.ts";
import { readPeers } from "./support/peers.ts";
import { writePlot } from "./support/plot.ts";
import { seedPage } from "./support/seed_page.ts";
import { writeReport } from "./support/report.ts";

const RUNS = Math.min(Number(Deno.args[0] ?? "7"), 15);
const SLOW_PHONE: Conditions = {
  name: "slow 3G, 6x CPU",
  cpu: 6,
  network: { latencyMs: 400, kbps: 400 },
};

const file = await ensureSdk();
const peers = await readPeers(file.sdkVersion);
const whole = peers.find(({ name }) => name === "straightforward bundle")?.text ?? "";
const liveKit = peers.filter(({ global }) => global === "LivekitClient");
const stack = await startBenchStack();
const [patients, providers] = [await launchBrowser(), await launchBrowser()];
const provider = await providers.newPage();
let visit = await startVisit();
let links = 0;

/** A new visit, with its provider in the call. */
async function startVisit(): Promise<TestVisit> {
  const started = await createVisit(stack);
  await provider.goto(await passUrl(started, started.provider));
  await untilInPage(provider, () => document.body.dataset["phase"] === "in-call");
  return started;
}

/** A phone of its own, with an empty cache. */
async function onPhone(browser: Browser, use: (context: BrowserContext) => Promise<Opening>) {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 } });
  try {
    const opening = await use(context);
    // The other person's tile is gone: the next run does not meet this one.
    await untilInPage(provider, () => document.querySelector(".tile") === null);
    return opening;
  } finally {
    await context.close();
  }
}

/** A link of the patient, who gets at most 20 for a visit in ten minutes. */
async function link(): Promise<string> {
  if (++links % 15 === 0) visit = await startVisit();
  return await passUrl(visit, visit.patient);
}
/** Opens the replaced page with new credentials, at this address. */
async function seed(
  context: BrowserContext,
  way: "inline" | "external" | "app",
): Promise<Opening> {
  const { join } = await pageData(await openByToken(visit, visit.patient));
  if (join === null) throw new Error("Cannot join: the person has to wait");
  const sdk = way === "external" ? `${stack.origin}/whole-sdk.js` : undefined;
  const text = await seedPage(join, whole, sdk);
  stack.extra.set("/seed", { text, type: "text/html; charset=utf-8" });
  stack.extra.set("/whole-sdk.js", { text: whole, type: "text/javascript" });
  const inApp = (page: Page) =>
    page.route("**/seed", (route) => route.fulfill({ body: text, contentType: "text/html" }));
  return await openCall(
    context,
    `${stack.origin}/seed`,
    SLOW_PHONE,
    way === "app" ? inApp : undefined,
  );
}

/** Opens a page without throttling, waits for `done` in it, and closes it. */
async function beforehand(context: BrowserContext, url: string, done: () => boolean) {
  const page = await context.newPage();
  await page.addInitScript(keepRecords);
  await page.goto(url);
  await poll("the first page", () => page.evaluate(done), Boolean);
  await page.close();
  await untilInPage(provider, () => document.querySelector(".tile") === null);
}

const ways: readonly (readonly [string, (context: BrowserContext) => Promise<Opening>])[] = [
  ["replaced page, SDK inline, over the network", (context) => seed(context, "inline")],
  ["replaced page, SDK external", (context) => seed(context, "external")],
  ["replaced page, SDK inline, inside the app", (context) => seed(context, "app")],
  ["this page, cold", async (context) => await openCall(context, await link(), SLOW_PHONE)],
  ["this page, prepared", async (context) => {
    await beforehand(
      context,
      `${stack.origin}/functions/v1/chime-page/prepare`,
      () => Reflect.get(globalThis, "heard").some((text: string) => text.includes("prepared")),
    );
    return await openCall(context, await link(), SLOW_PHONE);
  }],
  ["this page, warm", async (context) => {
    await beforehand(context, await link(), () => document.body.dataset["phase"] === "in-call");
    return await openCall(context, await link(), SLOW_PHONE);
  }],
];
try {
  const openings = await inTurns(
    RUNS,
    ways.map(([, use]) => () => onPhone(patients, use)),
  );
  const liveKitPage = servePage(liveKit[0] ?? { name: "", text: "", global: "" });
  const liveKitRuns = (await inTurns(RUNS, [
    () => loadOnce(patients, liveKitPage.url, "LivekitClient", SLOW_PHONE),
  ]))[0] ?? [];
  await liveKitPage.stop();
  const rows = ways.map(([name], which) => ({ name, openings: openings[which] ?? [] }));
  const values = (which: number, key: keyof Opening) =>
    (rows[which]?.openings ?? []).map((opening) => opening[key]).filter((value) => value >= 0);
  const middle = (which: number, key: keyof Opening) => median(values(which, key));
  const seconds = (which: number, key: keyof Opening) => {
    const all = values(which, key).map((value) => value / 1000);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const ratio = middle(which, key) / middle(3, key);
    return `${median(all).toFixed(2)} (${ratio.toFixed(2)}) [${low.toFixed(2)}–${high.toFixed(2)}]${
      all.length < RUNS ? `; none in ${RUNS - all.length} runs` : ""
    }`;
  };
  const main = table(
    [
      "page",
      "KB",
      "first paint, s",
      "SDK has run, s",
      "in the call, s",
      "other's picture, s",
      "JS heap, MB",
    ],
    rows.map(({ name }, which) => [
      name,
      (middle(which, "bytes") / 1000).toFixed(1),
      seconds(which, "paint"),
      seconds(which, "sdk"),
      seconds(which, "call"),
      seconds(which, "frame"),
      middle(which, "memory").toFixed(1),
    ]),
  );
  // The bytes up to the SDK at 50 bytes a millisecond, and a round trip for the document and the files.
  const bytesAlone = middle(3, "sdkBytes") / 50 + 2 * 400;
  const targets = table(["target", "wanted", "measured"], [
    [
      "cold: SDK has run, against the time its bytes take",
      "≤ 1.05",
      `${(middle(3, "sdk") / bytesAlone).toFixed(2)} (bytes alone: ${
        (bytesAlone / 1000).toFixed(2)
      } s)`,
    ],
    [
      "cold: in the call, replaced page over the network against this page",
      "≥ 1.45",
      (Math.min(middle(0, "call"), middle(1, "call")) / middle(3, "call")).toFixed(2),
    ],
    [
      "warm: the same",
      "≥ 2.9",
      (Math.min(middle(0, "call"), middle(1, "call")) / middle(5, "call")).toFixed(2),
    ],
    [
      "prepared against warm, in the call",
      "≤ 1.10",
      (middle(4, "call") / middle(5, "call")).toFixed(2),
    ],
  ]);
  const others = `LiveKit's client has run after ${(median(liveKitRuns) / 1000).toFixed(2)} s ` +
    `[${(Math.min(...liveKitRuns) / 1000).toFixed(2)}–${
      (Math.max(...liveKitRuns) / 1000).toFixed(2)
    }] under the same conditions. Joining a call with it was not measured, because it needs its own server.`;
  await record(
    "bench:load",
    `Slow 3G (400 kbps, 400 ms), 6x CPU; medians of ${RUNS} runs, (relative to this page, cold), ` +
      `[fastest–slowest].\n\n${main}\n\n${targets}\n\n${others}`,
  );
  await writePlot(
    rows.map(({ name }, which) => ({
      name,
      steps: [
        middle(which, "paint"),
        middle(which, "sdk"),
        middle(which, "call"),
        middle(which, "frame"),
      ],
    })),
  );
  await writeReport({
    before: { call: middle(0, "call"), sdk: middle(2, "sdk"), memory: middle(2, "memory") },
    cold: { sdk: middle(3, "sdk"), memory: middle(3, "memory") },
    warm: { sdk: middle(5, "sdk") },
    wholeKilobytes: new TextEncoder().encode(whole).length / 1000,
    fileKilobytes: file.bytes / 1000,
    browser: patients.version(),
    runs: RUNS,
  });
} finally {
  await patients.close();
  await providers.close();
  await stack.stop();
}
