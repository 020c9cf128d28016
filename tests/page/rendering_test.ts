import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { bundleOf, BUNDLES } from "../../supabase/functions/chime-page/page/bundles.ts";
import {
  CALL_STYLE,
  LOBBY_STYLE,
} from "../../supabase/functions/chime-page/page/client.generated.ts";
import {
  joinPageHashes,
  renderJoinPage,
} from "../../supabase/functions/chime-page/page/join_page.tsx";
import { problemTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import { initials } from "../../supabase/functions/chime-page/contract/initials.ts";
import {
  problemPageHashes,
  renderProblemPage,
} from "../../supabase/functions/chime-page/page/problem_page.tsx";
import {
  pageHashes,
  renderVisitPage,
} from "../../supabase/functions/chime-page/page/visit_page.tsx";
import { visitTime } from "../../supabase/functions/chime-page/contract/times.ts";
import { HOSTILE_NAME, PATIENT, PROVIDER, visitData } from "../support/visit_page.ts";

const POLICY = "default-src 'none'; script-src 'sha256-x'";

function visitHtml(changes: Parameters<typeof visitData>[0] = {}): string {
  const data = visitData(changes);
  return renderVisitPage({ data, timeZone: "Africa/Douala", locale: null, cspMeta: POLICY }).html;
}

function inside(html: string, tag: string): string[] {
  const pattern = new RegExp(`<${tag}(?:\\s[^>]*)?>([\\s\\S]*?)</${tag}>`, "g");
  return [...html.matchAll(pattern)].map((found) => found[1] ?? "");
}

const inlineScripts = (html: string) =>
  inside(html.replace(/<script [^>]*>.*?<\/script>/g, ""), "script");
const sha256 = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

Deno.test("the policy's hashes are those of the page's inline scripts and styles", () => {
  const html = visitHtml();
  const [early = "", client = "", fallback = ""] = inlineScripts(html);
  deepEqual(pageHashes(), {
    scripts: [sha256(early), sha256(client), sha256(fallback)],
    styles: [sha256(inside(html, "style")[0] ?? ""), sha256(LOBBY_STYLE), sha256(CALL_STYLE)],
  });
  const problem = renderProblemPage({
    texts: problemTexts("en")["too-early"],
    status: 403,
    requestId: "r",
    language: "en",
    opensAt: "2026-11-23T13:15:00Z",
    retryAfterSeconds: 5,
    cspMeta: POLICY,
  }).html;
  deepEqual(problemPageHashes(), {
    script: sha256(inside(problem, "script")[0] ?? ""),
    style: sha256(inside(problem, "style")[0] ?? ""),
  });
  const join = renderJoinPage({
    language: "en",
    action: "https://a/b",
    once: true,
    cspMeta: POLICY,
  });
  equal(joinPageHashes().style, sha256(inside(join.html, "style")[0] ?? ""));
});

Deno.test("no page has inline handlers or style attributes, which its policy would block", () => {
  const join = renderJoinPage({
    language: "fr",
    action: "https://a/b",
    once: true,
    cspMeta: POLICY,
  });
  const problem = renderProblemPage({
    texts: problemTexts("fr")["busy"],
    status: 503,
    requestId: "r",
    language: "fr",
    cspMeta: POLICY,
  });
  for (
    const html of [
      visitHtml(),
      ...BUNDLES.map((bundle) => bundleOf(bundle, "fr").text),
      join.html,
      problem.html,
    ]
  ) {
    const markup = html.replace(/<(script|style)[\s\S]*?<\/\1>/g, "");
    doesNotMatch(markup, /\son\w+\s*=|\sstyle\s*=|javascript:/i);
  }
});

Deno.test("a hostile name cannot end an element, and is unchanged in the data block", () => {
  const people = [{ ...PROVIDER, name: HOSTILE_NAME }, PATIENT];
  const html = visitHtml({ people });
  equal(inside(html, "script").length, 7);
  doesNotMatch(html.replace(/<(script|style)[\s\S]*?<\/\1>/g, ""), /<img|onerror=alert\(1\)>/);
  const data = html.match(/<script type="application\/json"[^>]*>(.*?)<\/script>/)?.[1] ?? "";
  doesNotMatch(data, /[<\u2028\u2029]/);
  equal(JSON.parse(data).people[0].name, HOSTILE_NAME);
});

Deno.test("without scripts the page says who, when in the participant's time zone, and what happens next", () => {
  const html = visitHtml().replace(/<script[\s\S]*?<\/script>/g, "");
  match(html, /Your visit with <bdi>Dr\. Amina Nkolo<\/bdi>/);
  match(html, /Monday 23 November, 14:30\s*–\s*15:00/);
  match(html, /West Africa Standard Time/);
  match(html, /Your call will start automatically/);
  match(html, /<noscript>/);
});

Deno.test("the page is French for a French reader, dates included", () => {
  const html = visitHtml({ language: "fr" });
  match(html, /<html lang="fr"/);
  match(html, /Votre consultation avec <bdi>/);
  match(html, /lundi 23 novembre/);
});

Deno.test("the title contains no name, because histories and app switchers show titles", () => {
  deepEqual(inside(visitHtml(), "title"), ["Video visit"]);
});

Deno.test("the SDK and the bundles are requested before the styles, with integrity", () => {
  const html = visitHtml();
  const [early, sdk, style] = ["failedEarly", 'id="chime-sdk"', "<style"].map((text) =>
    html.indexOf(text)
  ) as [number, number, number];
  ok(early < sdk && sdk < style);
  match(
    html,
    /<script id="chime-sdk" src="[^"]+" integrity="sha384-x" crossorigin="anonymous" async>/,
  );
  for (const bundle of BUNDLES) {
    const { name, integrity } = bundleOf(bundle, "en");
    ok(html.includes(
      `<script id="${bundle}-part" src="http://127.0.0.1:9/chime-page/files/${name}" ` +
        `integrity="${integrity}" crossorigin="anonymous" async>`,
    ));
  }
  doesNotMatch(html, /rel="preload"/);
});

Deno.test("the policy comes first in the document", () => {
  const html = visitHtml();
  const meta = html.indexOf("Content-Security-Policy");
  ok(meta > 0 && meta < html.indexOf("<style") && meta < html.indexOf("<script"));
});

Deno.test("an unknown time zone or locale gives UTC and the language's own dates, not an error", () => {
  const time = visitTime("2026-11-23T13:30:00Z", "2026-11-23T14:00:00Z", "en", "Mars/Base", "!!");
  match(time.text, /13:30\s*–\s*14:00/);
  match(time.zone, /Coordinated Universal Time/);
});

Deno.test("a problem page says what happened, what it means, what to do next, and its reference", () => {
  const texts = problemTexts("en")["pass-spent"];
  const { html } = renderProblemPage({
    texts,
    status: 410,
    requestId: "<req&1>",
    language: "en",
    cspMeta: POLICY,
  });
  for (const text of Object.values(texts)) ok(html.includes(text), text);
  ok(html.includes("&lt;req&amp;1&gt;"));
  doesNotMatch(html, /<script|Try again/);
});

Deno.test("only temporary problems offer to try again", () => {
  const offered = (status: number) =>
    renderProblemPage({
      texts: problemTexts("en").busy,
      status,
      requestId: "r",
      language: "en",
      cspMeta: POLICY,
    }).html.includes("Try again");
  deepEqual([403, 404, 410, 429, 500, 503].map(offered), [false, false, false, true, true, true]);
});

Deno.test("a retry never offers an address that opens as another person, but the person's own session", () => {
  const page = (session?: string) =>
    renderProblemPage({
      texts: problemTexts("en").busy,
      status: 503,
      requestId: "r",
      language: "en",
      cspMeta: POLICY,
      repeatable: false,
      retry: session === undefined ? undefined : { action: "https://a/b", session },
    }).html;
  doesNotMatch(page(), /Try again/);
  match(page("s3cret"), /<form id="retry"[^>]+action="https:\/\/a\/b"[^]+Try again/);
});

Deno.test("the join page posts to the given address and has no script", () => {
  const hostile = '"><script>alert(1)</script>';
  const page = (once: boolean) =>
    renderJoinPage({
      language: "en",
      action: `https://visits.example/chime-page/1?tab=${hostile}`,
      once,
      cspMeta: POLICY,
    }).html;
  match(page(true), /<form\s+method="post"\s+action="https:\/\/visits\.example\/chime-page\/1\?/);
  doesNotMatch(page(true), /<script/);
  match(page(true), /This link works only once/);
  doesNotMatch(page(false), /This link works only once/);
});

Deno.test("a page with a form sends its origin to the server, and a visit page sends no referrer", () => {
  const base = { language: "en", cspMeta: POLICY } as const;
  const problem = { texts: problemTexts("en").busy, status: 503, requestId: "r" };
  const policyOf = (html: string) => /<meta name="referrer" content="([^"]+)"/.exec(html)?.[1];
  equal(
    policyOf(renderJoinPage({ ...base, action: "https://a/b", once: true }).html),
    "same-origin",
  );
  equal(policyOf(renderProblemPage({ ...base, ...problem }).html), "same-origin");
  equal(policyOf(visitHtml()), "no-referrer");
});

Deno.test("initials omit titles, keep other scripts, and may be empty", () => {
  const table = [PROVIDER.name, "Ève", "عدي كريم", "Dr", "", "  "];
  deepEqual(table.map(initials), ["AN", "È", "عك", "D", "", ""]);
});
