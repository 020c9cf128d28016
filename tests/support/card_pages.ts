/** Pages without a call, with fixed people and times: problems, and the page behind a link. */
import { type ProblemName, problemStatus } from "../../supabase/functions/_shared/problem.ts";
import { type Brand, NO_BRAND } from "../../supabase/functions/chime-page/page/brand.ts";
import type { Language } from "../../supabase/functions/chime-page/contract/languages.ts";
import { problemTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import {
  joinPageHashes,
  renderJoinPage,
} from "../../supabase/functions/chime-page/page/join_page.tsx";
import {
  problemPageHashes,
  renderProblemPage,
} from "../../supabase/functions/chime-page/page/problem_page.tsx";
import { PATIENT, PROVIDER } from "./visit_page.ts";

/** One of each icon and tone. */
const PROBLEMS: readonly ProblemName[] = [
  "too-early",
  "busy",
  "pass-spent",
  "unauthenticated",
  "visit-not-found",
  "visit-over",
  "visit-cancelled",
  "video-disabled",
  "browser-too-old",
  "upstream-unavailable",
  "visit-misconfigured",
  "not-prefetched",
];

const EARLY = {
  opensAt: "2026-11-24T01:25:00Z",
  retryAfterSeconds: 2 * 3600 + 33 * 60,
  timeZone: "Africa/Douala",
  visit: {
    startsAt: "2026-11-24T01:40:00Z",
    endsAt: "2026-11-24T02:10:00Z",
    people: [PROVIDER, PATIENT],
    selfId: PATIENT.id,
  },
};

/** The HTML of each page, by its name. */
export function cardPages(language: Language, brand: Brand = NO_BRAND): Map<string, string> {
  const { style, script } = problemPageHashes();
  const styles = [style, joinPageHashes().style, ...(brand.style ? [brand.style.hash] : [])];
  const cspMeta = `script-src '${script}'; style-src '${styles.join("' '")}'`;
  const base = { language, brand, cspMeta };
  const action = "https://visits.example/1";
  const pages = new Map(PROBLEMS.map((problem) => {
    const { html } = renderProblemPage({
      ...base,
      ...(problem === "too-early" ? EARLY : {}),
      problem,
      texts: problemTexts(language)[problem],
      status: problemStatus(problem),
      requestId: "0c7f9e2a-0000-4000-8000-000000000000",
      retry: { action, session: "s".repeat(43) },
    });
    return [problem as string, html];
  }));
  const again = { method: "get", url: `${action}?link=${"l".repeat(43)}` } as const;
  return pages.set("join", renderJoinPage({ ...base, action, once: true, again }).html);
}
