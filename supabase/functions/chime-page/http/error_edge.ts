import {
  type Problem,
  problemHeaders,
  problemStatus,
  problemType,
  retryAfterSeconds,
} from "../../_shared/problem.ts";
import type { Result } from "../../_shared/result.ts";
import { problemTexts } from "../i18n/languages.ts";
import { NO_BRAND } from "../page/brand.ts";
import { problemPageHashes, renderProblemPage } from "../page/problem_page.tsx";
import type { AppContext } from "./dependencies.ts";
import { languageOf } from "./language.ts";
import {
  documentHeaders,
  type DocumentSettings,
  type DocumentSources,
  metaContentSecurityPolicy,
} from "./security_headers.ts";

/** What the answer to a problem may need beside the problem. */
export interface ProblemDetails {
  /** The participant's own locale and time zone, where they are known. */
  readonly locale?: string | null;
  readonly timeZone?: string | null;
  /** How the page tries again where cookies are blocked. */
  readonly retry?: { readonly action: string; readonly session: string };
  /** False: the page's address alone would not ask for the same person again. Default true. */
  readonly repeatable?: boolean;
}

/** A problem on its way to {@link errorEdge}. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(readonly problem: Problem, readonly details: ProblemDetails = {}) {
    super(problem.name);
  }
}

/** Throws a problem. */
export function refuse(problem: Problem, details?: ProblemDetails): never {
  throw new ProblemError(problem, details);
}

/** The value of a result; a problem is thrown. */
export function unwrap<T>(result: Result<T, Problem>, details?: ProblemDetails): T {
  return result.ok ? result.value : refuse(result.error, details);
}

/**
 * The one place where an error becomes an answer: a page in their language for people,
 * `application/problem+json` (RFC 9457) for programs. Whatever is not a {@link ProblemError} was not
 * foreseen: the log gets the class of the error, and nobody its message. What only the log may know
 * about a problem (`reason`, names of settings) stays out of the answer.
 * @param settings undefined while the settings themselves are at fault
 */
export function errorEdge(settings: DocumentSettings = UNCONFIGURED) {
  return (error: Error, c: AppContext): Response => {
    if (!(error instanceof ProblemError)) c.get("notes").error = error.name;
    const { problem, details } = error instanceof ProblemError
      ? error
      : new ProblemError({ name: "upstream-unavailable", reason: "unforeseen" });
    note(c, problem);
    const html = /\btext\/html\b|\bapplication\/xhtml\+xml\b/i.test(c.req.header("accept") ?? "");
    return html ? problemPage(c, settings, problem, details) : problemJson(c, problem, details);
  };
}

/** Document settings while the real ones cannot be read. Problem pages need no SDK and no Chime. */
const UNCONFIGURED: DocumentSettings = {
  sdk: { url: "" },
  chime: {},
  publicUrl: "http://localhost",
  frameAncestors: [],
  brand: NO_BRAND,
};

function note(c: AppContext, problem: Problem): void {
  const notes = c.get("notes");
  notes.problem = problem.name;
  notes.reason = problem.reason;
  if (problem.settings) notes.settings = problem.settings;
  if (problem.name === "visit-misconfigured") {
    notes.columns = problem.columns;
    // Somebody who belongs to the visit asked, so the id is real, and the operator needs it.
    notes.appointmentId = c.req.param("id") ?? "";
  }
}

function problemJson(c: AppContext, problem: Problem, { locale }: ProblemDetails): Response {
  const language = languageOf(c, locale);
  const { title, detail, nextStep } = problemTexts(language)[problem.name];
  const status = problemStatus(problem.name);
  const seconds = retryAfterSeconds(problem);
  const body = {
    type: problemType(problem.name),
    title,
    status,
    detail,
    nextStep,
    requestId: c.get("notes").requestId,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    ...("opensAt" in problem ? { opensAt: problem.opensAt.toISOString() } : {}),
  };
  return c.body(JSON.stringify(body), status, {
    ...problemHeaders(problem),
    "Content-Type": "application/problem+json",
    "Content-Language": language,
  });
}

function problemPage(
  c: AppContext,
  settings: DocumentSettings,
  problem: Problem,
  { locale, timeZone, retry, repeatable = true }: ProblemDetails,
): Response {
  const language = languageOf(c, locale);
  const status = problemStatus(problem.name);
  const hashes = problemPageHashes();
  const sources: DocumentSources = {
    scripts: [hashes.script],
    styles: [hashes.style],
    call: null,
  };
  const { html } = renderProblemPage({
    texts: problemTexts(language)[problem.name],
    status,
    language,
    requestId: c.get("notes").requestId,
    brand: settings.brand,
    cspMeta: metaContentSecurityPolicy(settings, sources),
    timeZone,
    locale,
    retry,
    repeatable,
    ...("opensAt" in problem ? { opensAt: problem.opensAt.toISOString() } : {}),
    retryAfterSeconds: retryAfterSeconds(problem),
  });
  return c.body(html, status, {
    ...documentHeaders(settings, sources),
    ...problemHeaders(problem),
    "Content-Language": language,
  });
}
