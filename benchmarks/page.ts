/// <reference lib="dom" />
/**
 * The page: bytes of the document and of the call's file in each language, and what the division
 * between them is worth: the time until a person sees words, and until the page answers them, beside
 * the same page in one piece. On an emulated slow 3G, with the SDK's file on the same line; in turns.
 *
 *   deno task bench:page [runs]
 */
import { readFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { ensureSdk, SDK_DIRECTORY } from "../sdk/build.ts";
import { table } from "../sdk/sizes.ts";
import { callFile } from "../supabase/functions/chime-page/page/in_call_bundle.ts";
import type { Language } from "../supabase/functions/chime-page/contract/page_data.ts";
import { LANGUAGES } from "../supabase/functions/chime-page/contract/languages.ts";
import { renderVisitPage } from "../supabase/functions/chime-page/page/visit_page.ts";
import { visitData } from "../tests/support/visit_page.ts";
import { launchBrowser } from "../tests/support/browser.ts";
import { compressed, median, openOnce } from "./support/load_time.ts";

const RUNS = Math.min(Number(Deno.args[0] ?? "5"), 15);
const SLOW_3G = { name: "slow 3G", network: { latencyMs: 400, kbps: 400 } };
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

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

const brotli = (text: string) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
const sizes = (text: string) => [
  kilobytes(new TextEncoder().encode(text).length),
  kilobytes(gzipSync(text, { level: 9 }).length),
  kilobytes(brotli(text)),
];
say(table(
  ["language", "document, raw", "gzip", "Brotli", "call's file, raw", "gzip", "Brotli"],
  LANGUAGES.map((language) => [
    language,
    ...sizes(documentOf(language)),
    ...sizes(callFile(language).text),
  ]),
));

/** Serves the page in two pieces or in one. The policy is left out: it would forbid the one piece. */
async function serve(onePiece: boolean) {
  const file = callFile("en");
  const script = compressed(file.text, "text/javascript");
  const sdkFile = compressed(
    await readFile(`${SDK_DIRECTORY}${sdk.file}`, "utf8"),
    "text/javascript",
  );
  let page = () => new Response(null, { status: 503 });
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => undefined },
    (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/visit") return page();
      if (pathname === "/sdk.js") return sdkFile();
      return pathname.startsWith("/files/") ? script() : new Response(null, { status: 204 });
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const html = documentOf("en", origin)
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
  const whole = html.replace(
    /<script id="call-part"[^>]*><\/script>/,
    () => `<script>${file.text}</script>`,
  );
  page = compressed(onePiece ? whole : html, "text/html; charset=utf-8");
  return { url: `${origin}/visit`, close: () => server.shutdown() };
}

const pages = [await serve(false), await serve(true)];
const browser = await launchBrowser();
const times = pages.map(() => ({ words: [] as number[], answers: [] as number[] }));
try {
  // The first round warms the browser up and is not counted.
  for (let run = 0; run <= RUNS; run++) {
    for (const [which, { url }] of pages.entries()) {
      const seen = await openOnce(browser, url, SLOW_3G, (page) =>
        page.evaluate(() => ({
          words: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
          // The parser goes on behind the client's own script, which has run by then.
          answers: performance.getEntriesByType("navigation")
            .map((entry) => (entry as PerformanceNavigationTiming).domInteractive)[0] ?? NaN,
        })));
      if (run === 0) continue;
      times[which]?.words.push(seen.words);
      times[which]?.answers.push(seen.answers);
    }
  }
} finally {
  await browser.close();
  await Promise.all(pages.map((page) => page.close()));
}
const [own] = times;
const cell = (values: readonly number[], ours: readonly number[]) =>
  `${(median(values) / 1000).toFixed(2)} s (${(median(values) / median(ours)).toFixed(2)})`;
say("");
say(table(
  ["the page, slow 3G", "words on the screen", "the page answers"],
  times.map(({ words, answers }, which) => [
    which === 0 ? "in two pieces, as it is" : "in one piece",
    cell(words, own?.words ?? []),
    cell(answers, own?.answers ?? []),
  ]),
));
say(`\nMedian of ${RUNS} runs; in brackets, times the page as it is. 1 KB is 1000 bytes.`);
