/// <reference lib="dom" />
/**
 * What more people cost the page in a call: nodes, JavaScript's heap, and the work of layout, style and
 * scripts in ten seconds. The pictures are drawn by a stand-in for the SDK, so decoding is not counted.
 *
 *   deno task bench:tiles
 */
import { table } from "../sdk/sizes.ts";
import { launchBrowser } from "../tests/support/browser.ts";
import { enterCall, openScene } from "../tests/support/scene.ts";
import { record } from "../tools/figures.ts";

/** With the self view. */
const TILES = [2, 4, 8, 16] as const;
const SECONDS = 10;

const browser = await launchBrowser();
try {
  const rows: string[][] = [];
  for (const tiles of TILES) {
    // A laptop, where all of them have room.
    const scene = await openScene(browser, { group: true, phone: { width: 1280, height: 800 } });
    await enterCall(scene);
    await scene.company(tiles - 1);
    const session = await scene.phone.context.newCDPSession(scene.page);
    await session.send("Performance.enable");
    const read = async () => {
      await session.send("HeapProfiler.collectGarbage");
      const { metrics } = await session.send("Performance.getMetrics");
      return (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
    };
    const before = await read();
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    const after = await read();
    const used = (name: string) => after(name) - before(name);
    rows.push([
      String(tiles),
      String(after("Nodes")),
      (after("JSHeapUsedSize") / 1e6).toFixed(1),
      String(used("LayoutCount")),
      (used("LayoutDuration") * 1000).toFixed(1),
      (used("RecalcStyleDuration") * 1000).toFixed(1),
      (used("ScriptDuration") * 1000).toFixed(1),
    ]);
    await scene.close();
  }
  await record(
    "bench:tiles",
    `Tiles, with the self view, on a screen of 1280x800; ${SECONDS} seconds, one run.\n\n` +
      table(
        [
          "tiles",
          "nodes",
          "JS heap, MB",
          "layouts",
          "layout, ms",
          "style, ms",
          "scripts, ms",
        ],
        rows,
      ),
  );
} finally {
  await browser.close();
}
