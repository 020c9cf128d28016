/**
 * What the function costs on the platform's Deno 2.1.4, each in a process of its own: the time from a
 * cold start to the first answer, the processor time of a page, and the most memory while 200 pages
 * are made at the same time. The database and Chime answer at once. Linux only.
 *
 *   deno task bench:function [cold starts]
 */
import * as esbuild from "esbuild";
import { fileURLToPath } from "node:url";
import { startFunction } from "../dev/function/process.ts";
import { buildFunction } from "../ops/function/build.ts";
import { table } from "../sdk/sizes.ts";
import { preparePlatform } from "../tests/support/platform.ts";
import { createIssuer } from "../tests/support/issuer.ts";
import { record } from "../tools/figures.ts";
import { environmentOf, openedVisit, startLoaded, usageOf } from "./support/function_load.ts";
import { inTurns, median } from "./support/load_time.ts";

const STARTS = Math.min(Number(Deno.args[0] ?? "11"), 25);
const WARM_UP = 300;
const PAGES = 1_000;
const CONCURRENT = 200;
const ROUNDS = 5;

const platform = await preparePlatform();
const folder = await Deno.makeTempDir({ prefix: "chime-page-bench-" });
const built = await buildFunction(folder);
const entry = `${built.folder}/index.js`;
const { deno, worker } = platform;
const alone = ["--no-lock", "--no-config", "--no-npm", "--no-remote"];

/** A function of Hono alone, built like ours. */
async function bareHono(): Promise<string> {
  const file = `${folder}/bare.js`;
  await esbuild.build({
    stdin: {
      contents: `import { Hono } from "${import.meta.resolve("hono")}";
        const app = new Hono();
        app.get("/chime-page/health", (c) => c.json({ status: "ok" }));
        Deno.serve(app.fetch);`,
      resolveDir: folder,
    },
    plugins: [{
      name: "file-urls",
      setup: (build) =>
        build.onResolve({ filter: /^file:/ }, ({ path }) => ({ path: fileURLToPath(path) })),
    }],
    bundle: true,
    minify: true,
    format: "esm",
    outfile: file,
  });
  await esbuild.stop();
  return file;
}

const issuer = await createIssuer({
  issuer: "http://127.0.0.1:9/auth/v1",
  audience: "authenticated",
});
const environment = environmentOf({ url: "http://127.0.0.1:9" }, issuer);

/** Milliseconds of processor time of a page without the network. */
async function ownCost(): Promise<number> {
  const token = await issuer.token(crypto.randomUUID(), { role: "authenticated" });
  const opened = openedVisit(crypto.randomUUID(), crypto.randomUUID());
  const script = fileURLToPath(new URL("support/own_cost.ts", import.meta.url));
  const copy = `${folder}/own_cost.ts`;
  await Deno.copyFile(script, copy);
  const { success, stdout, stderr } = await new Deno.Command(deno, {
    args: [
      "run",
      "-A",
      "--quiet",
      ...alone,
      copy,
      entry,
      token,
      JSON.stringify({ opened }),
      "2000",
    ],
    cwd: folder,
    env: environment,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

/** Milliseconds from starting the process to its first answer. */
async function coldStart(run: { entry: string; flags: readonly string[] }): Promise<number> {
  const began = performance.now();
  const process = await startFunction({ ...run, deno, worker, environment });
  const answer = await fetch(`${process.url}/chime-page/health`);
  await answer.text();
  const ms = performance.now() - began;
  await process.stop();
  if (!answer.ok) throw new Error(`Cannot start the function: ${answer.status}`);
  return ms;
}

async function pageCost() {
  const loaded = await startLoaded({ deno, worker, entry, flags: alone });
  try {
    for (let page = 0; page < WARM_UP; page++) await loaded.open();
    const before = await usageOf(loaded.process.pid);
    for (let page = 0; page < PAGES; page++) await loaded.open();
    return ((await usageOf(loaded.process.pid)).cpuMs - before.cpuMs) / PAGES;
  } finally {
    await loaded.stop();
  }
}

async function peakMemory(): Promise<number> {
  const loaded = await startLoaded({ deno, worker, entry, flags: alone });
  try {
    for (let page = 0; page < 20; page++) await loaded.open();
    loaded.upstream.hold(CONCURRENT);
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(Array.from({ length: CONCURRENT }, () => loaded.open()));
    }
    return (await usageOf(loaded.process.pid)).peakMb;
  } finally {
    await loaded.stop();
  }
}

const starts = {
  "bare Hono, one file": { entry: await bareHono(), flags: alone },
  "the built function": { entry, flags: alone },
  "from source, packages cached": {
    entry: `${platform.supabaseDir}/functions/chime-page/index.ts`,
    flags: platform.flags,
  },
};
try {
  const medians = (await inTurns(STARTS, Object.values(starts).map((run) => () => coldStart(run))))
    .map(median);
  const [bare = NaN] = medians;
  const rows = Object.keys(starts).map((name, at) => {
    const ms = medians[at] ?? NaN;
    return [
      name,
      `${ms.toFixed(0)} ms (${(ms / bare).toFixed(2)})`,
      `+${(ms - bare).toFixed(0)} ms`,
    ];
  });
  const cpuMs = await pageCost();
  const bytes = new TextEncoder().encode(built.code).length;
  await record(
    "bench:function",
    `Deno 2.1.4; the built function has ${
      bytes.toLocaleString("en-GB")
    } bytes. Median of ${STARTS} cold starts.\n\n` +
      table(["cold start", "first answer", "more than bare Hono"], rows) + "\n\n" +
      table(["a page, with the database and Chime answering at once", ""], [
        ["processor time", `${cpuMs.toFixed(2)} ms`],
        ["the same without the network", `${(await ownCost()).toFixed(2)} ms`],
        ["pages a second and core", (1_000 / cpuMs).toFixed(0)],
        [`most memory at ${CONCURRENT} at once`, `${(await peakMemory()).toFixed(0)} MB`],
      ]),
  );
} finally {
  await platform.remove();
  await Deno.remove(folder, { recursive: true });
}
