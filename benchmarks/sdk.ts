/**
 * The SDK file beside what it replaces and what others ship: bytes, and the time until the script has
 * run at 6x CPU throttle and on an emulated slow 3G. The times are only comparable within one run.
 *
 *   deno task bench:sdk [runs]
 */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { ensureSdk, SDK_DIRECTORY } from "../sdk/build.ts";
import { brotliSize } from "../sdk/manifest.ts";
import { table } from "../sdk/sizes.ts";
import { launchBrowser } from "../tests/support/browser.ts";
import { record } from "../tools/figures.ts";
import {
  type Conditions,
  inTurns,
  loadOnce,
  median,
  servePage,
  SLOW_3G,
} from "./support/load_time.ts";
import { readPeers, type Script } from "./support/peers.ts";

const RUNS = Math.min(Number(Deno.args[0] ?? "5"), 15);
const CONDITIONS: readonly Conditions[] = [
  { name: "6x CPU", cpu: 6 },
  SLOW_3G,
];

const file = await ensureSdk();
const scripts: readonly Script[] = [
  {
    name: "this project's file",
    text: await readFile(`${SDK_DIRECTORY}${file.file}`, "utf8"),
    global: "ChimeSDK",
  },
  ...await readPeers(file.sdkVersion),
];
const pages = scripts.map(servePage);
const browser = await launchBrowser();
const loads = scripts.flatMap(({ global }, which) =>
  CONDITIONS.map((conditions) => () =>
    loadOnce(browser, pages[which]?.url ?? "", global, conditions)
  )
);
const times = await inTurns(RUNS, loads).finally(async () => {
  await browser.close();
  await Promise.all(pages.map((page) => page.stop()));
});

const measured = scripts.map(({ name, text }, which) => {
  const bytes = new TextEncoder().encode(text);
  const ofScript = times.slice(which * CONDITIONS.length, (which + 1) * CONDITIONS.length);
  return {
    name,
    values: [
      bytes.length,
      gzipSync(bytes, { level: 9 }).length,
      brotliSize(bytes),
      ...ofScript.map(median),
    ],
  };
});
const own = measured[0]?.values ?? [];
const cell = (value: number, column: number) => {
  const ratio = (value / (own[column] ?? NaN)).toFixed(2);
  const shown = column < 3 ? `${(value / 1000).toFixed(1)} KB` : `${(value / 1000).toFixed(2)} s`;
  return `${shown} (${ratio})`;
};
await record(
  "bench:sdk",
  `Median of ${RUNS} runs.\n\n` + table(
    ["script", "raw", "gzip", "Brotli", ...CONDITIONS.map(({ name }) => `run, ${name}`)],
    measured.map(({ name, values }) => [name, ...values.map(cell)]),
  ),
);
