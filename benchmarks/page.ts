/// <reference lib="dom" />
/**
 * What a document without the bundles gains: the time until a person sees text, and until the
 * page responds, compared with the same page as one file. On an emulated slow 3G, with the SDK file on
 * the same connection.
 *
 *   deno task bench:page [runs]
 */
import { readFile } from "node:fs/promises";
import { serveLocally } from "../dev/local_server.ts";
import { ensureSdk, SDK_DIRECTORY } from "../sdk/build.ts";
import { table } from "../sdk/sizes.ts";
import { bundleNamed, bundleOf, BUNDLES } from "../supabase/functions/chime-page/page/bundles.ts";
import type { Language } from "../supabase/functions/chime-page/contract/page_data.ts";
import { renderVisitPage } from "../supabase/functions/chime-page/page/visit_page.tsx";
import { visitData } from "../tests/support/visit_page.ts";
import { launchBrowser } from "../tests/support/browser.ts";
import { record } from "../tools/figures.ts";
import { compressed, inTurns, median, openOnce, SLOW_3G } from "./support/load_time.ts";

const RUNS = Math.min(Number(Deno.args[0] ?? "5"), 15);

const sdk = await ensureSdk();
function documentOf(language: Language, origin = "http://127.0.0.1:9"): string {
  const { html } = renderVisitPage({
    data: visitData({
      language,
      lobby: true,
      api: { base: `${origin}/visit`, session: "s".repeat(43) },
      sdk: { url: `${origin}/sdk.js`, integrity: sdk.integrity, timeoutMs: 30_000 },
    }),
    timeZone: "Africa/Douala",
    locale: null,
    cspMeta: "default-src 'none'",
  });
  return html;
}

/** Serves the page in three pieces or in one, without its policy, which would forbid the one piece. */
async function serve(onePiece: boolean) {
  const sdkFile = compressed(
    await readFile(`${SDK_DIRECTORY}${sdk.file}`, "utf8"),
    "text/javascript",
  );
  let page = () => new Response(null, { status: 503 });
  const server = serveLocally((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/visit") return page();
    if (pathname === "/sdk.js") return sdkFile();
    const bundle = bundleNamed(pathname.slice("/files/".length));
    return bundle
      ? compressed(bundle.text, "text/javascript")()
      : new Response(null, { status: 204 });
  });
  const html = documentOf("en", server.url)
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
  const whole = html.replaceAll(
    /<script id="(?:lobby|call)-part"[^>]*><\/script>/g,
    (element) => {
      const bundle = BUNDLES.find((name) => element.includes(`"${name}-part"`));
      return bundle ? `<script>${bundleOf(bundle, "en").text}</script>` : element;
    },
  );
  page = compressed(onePiece ? whole : html, "text/html; charset=utf-8");
  return server;
}

const pages = [await serve(false), await serve(true)];
const browser = await launchBrowser();
const open = (origin: string) =>
  openOnce(browser, `${origin}/visit`, SLOW_3G, (page) =>
    page.evaluate(() => ({
      text: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
      // The parser continues after the client's own script, which has run by then.
      response: performance.getEntriesByType("navigation")
        .map((entry) => (entry as PerformanceNavigationTiming).domInteractive)[0] ?? NaN,
    })));
const times = await inTurns(RUNS, pages.map(({ url }) => () => open(url))).finally(async () => {
  await browser.close();
  await Promise.all(pages.map((page) => page.stop()));
});
const medians = times.map((seen) => [
  median(seen.map(({ text }) => text)),
  median(seen.map(({ response }) => response)),
]);
const rows = medians.map((values, which) => [
  which === 0 ? "three files, as deployed" : "one file",
  ...values.map((value, column) =>
    `${(value / 1000).toFixed(2)} s (${(value / (medians[0]?.[column] ?? NaN)).toFixed(2)})`
  ),
]);
await record(
  "bench:page",
  `Median of ${RUNS} runs.\n\n` +
    table(["the page, slow 3G", "text on screen", "page responds"], rows),
);
