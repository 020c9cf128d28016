import {
  type Problem,
  problemHeaders,
  problemStatus,
  problemType,
  retryAfterSeconds,
} from "../../_shared/problem.ts";
import {
  documentHeaders,
  type DocumentPolicy,
  metaPolicy,
  type PolicySettings,
} from "./security_headers.ts";
import { cookieOf } from "../auth/credentials.ts";
import { NO_BRAND } from "../page/brand.ts";
import { chooseLanguage, problemTexts } from "../i18n/languages.ts";
import { problemPageHashes, renderProblemPage } from "../page/problem_page.ts";
import type { AppContext } from "./dependencies.ts";

/** What a problem's answer may need beside the problem. */
export interface ProblemDetails {
  /** The participant's own language, where they are known. */
  readonly locale?: string | null;
  /** How the page tries again where cookies are blocked. */
  readonly retry?: { readonly action: string; readonly session: string };
  /** False: the page's address alone would not ask for the same person again. Default true. */
  readonly repeatable?: boolean;
  readonly timeZone?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers a problem: HTML in their language to people, `application/problem+json` (RFC 9457) to
 * programs. What the log learns of it (`reason`, names of settings) never goes on the wire.
 */
export function problemResponse(
  c: AppContext,
  settings: PolicySettings | undefined,
  problem: Problem,
  details: ProblemDetails = {},
): Response {
  const notes = c.get("notes");
  notes.problem = problem.name;
  if (problem.reason) notes.reason = problem.reason;
  if (problem.settings) notes.settings = problem.settings;
  if (problem.name === "visit-misconfigured") {
    notes.columns = problem.columns;
    // Somebody of this visit asked, so the id names a visit: without it nobody finds the row.
    notes.appointmentId = c.req.param("id") ?? "";
  }

  const language = languageOf(c, details.locale);
  const texts = problemTexts(language)[problem.name];
  const status = problemStatus(problem.name);
  const seconds = retryAfterSeconds(problem);
  const headers = { ...problemHeaders(problem), ...details.headers };
  if (!prefersHtml(c.req.header("accept"))) {
    return Response.json({
      type: problemType(problem.name),
      title: texts.title,
      status,
      detail: texts.detail,
      nextStep: texts.nextStep,
      requestId: notes.requestId,
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      ...("opensAt" in problem ? { opensAt: problem.opensAt.toISOString() } : {}),
    }, {
      status,
      headers: {
        ...headers,
        "Content-Type": "application/problem+json",
        "Content-Language": language,
      },
    });
  }
  const policySettings = settings ?? UNCONFIGURED;
  const hashes = problemPageHashes();
  const document: DocumentPolicy = {
    scripts: [hashes.script],
    styles: [hashes.style],
    call: null,
  };
  const { html } = renderProblemPage({
    texts,
    status,
    language,
    requestId: notes.requestId,
    brand: policySettings.brand,
    cspMeta: metaPolicy(policySettings, document),
    timeZone: details.timeZone,
    locale: details.locale,
    retry: details.retry,
    repeatable: details.repeatable ?? true,
    ...("opensAt" in problem ? { opensAt: problem.opensAt.toISOString() } : {}),
    retryAfterSeconds: seconds,
  });
  return new Response(html, {
    status,
    headers: {
      ...documentHeaders(policySettings, document),
      ...headers,
      "Content-Language": language,
    },
  });
}

/** Headers of problem pages while the settings themselves are at fault. */
const UNCONFIGURED: PolicySettings = {
  sdk: { url: "", integrity: "" },
  chime: {
    region: "",
    mediaRegion: "",
    credentials: { accessKeyId: "", secretAccessKey: "" },
  },
  publicUrl: "http://localhost",
  frameAncestors: [],
  brand: NO_BRAND,
};

/** Name of the cookie by which a page tells, for a reload, which language the person chose on it. */
const LANGUAGE_COOKIE = "chime-page-language";

/**
 * The language of an answer: `?lang=`, what the person chose on this visit's page, the participant's
 * locale, `Accept-Language`, English.
 */
export function languageOf(c: AppContext, locale?: string | null) {
  return chooseLanguage({
    query: c.req.query("lang"),
    chosen: cookieOf(c.req.raw, LANGUAGE_COOKIE),
    locale,
    acceptLanguage: c.req.header("accept-language"),
  });
}

/** People's browsers name `text/html`; programs ask for JSON or for anything. */
function prefersHtml(accept: string | undefined): boolean {
  return /\btext\/html\b|\bapplication\/xhtml\+xml\b/i.test(accept ?? "");
}
