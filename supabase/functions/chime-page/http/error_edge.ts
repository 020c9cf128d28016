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
import type { OpeningVisit } from "../page/opening.tsx";
import { referenceOf } from "../page/reference.ts";
import type { AppContext } from "./dependencies.ts";
import { languageOf, timeLocaleOf } from "./language.ts";
import {
  documentHeaders,
  type DocumentSettings,
  type DocumentSources,
  metaContentSecurityPolicy,
} from "./security_headers.ts";

/** Additional data for the response to a problem. */
export interface ProblemDetails {
  /** The participant's locale and time zone, if known. */
  readonly locale?: string | null;
  readonly timeZone?: string | null;
  /** The visit of a participant, who may see who it is with and when it is. */
  readonly visit?: OpeningVisit;
  /** A form with which the page can retry if cookies are blocked. */
  readonly retry?: { readonly action: string; readonly session: string };
  /** Whether reloading the URL makes the same request for the same person. Default: true. */
  readonly repeatable?: boolean;
}

/** A problem as an exception. {@link errorEdge} turns it into a response. */
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

/** Returns the value of a result, or throws its problem. */
export function unwrap<T>(result: Result<T, Problem>, details?: ProblemDetails): T {
  return result.ok ? result.value : refuse(result.error, details);
}

/**
 * The only place that turns errors into responses: a page in their language for people, and
 * `application/problem+json` (RFC 9457) for programs.
 *
 * Any error other than a {@link ProblemError} is unexpected. Its class is logged, its message is not.
 * The response never contains what is meant for the log only, such as `reason`.
 * @param settings undefined if the settings are invalid
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

/** Used while the settings are invalid. Problem pages load neither the SDK nor anything from Chime. */
const UNCONFIGURED: DocumentSettings = {
  sdk: { url: "" },
  chime: {},
  publicUrl: "http://localhost",
  frameAncestors: [],
  brand: NO_BRAND,
};

function note(c: AppContext, problem: Problem): void {
  const notes = c.get("notes");
  notes.reference = referenceOf(notes.requestId);
  notes.problem = problem.name;
  notes.reason = problem.reason;
  if (problem.settings) notes.settings = problem.settings;
  if (problem.name === "visit-misconfigured") {
    notes.columns = problem.columns;
    // This problem is only reported to participants, so the id exists, and operators need it.
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
    reference: referenceOf(c.get("notes").requestId),
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
  { locale, timeZone, visit, retry, repeatable = true }: ProblemDetails,
): Response {
  const language = languageOf(c, locale);
  const status = problemStatus(problem.name);
  const hashes = problemPageHashes();
  const opensAt = "opensAt" in problem ? problem.opensAt.toISOString() : undefined;
  const sources: DocumentSources = {
    scripts: opensAt === undefined ? [] : [hashes.script],
    styles: [hashes.style],
    call: null,
  };
  const { html } = renderProblemPage({
    texts: problemTexts(language)[problem.name],
    problem: problem.name,
    status,
    language,
    requestId: c.get("notes").requestId,
    brand: settings.brand,
    cspMeta: metaContentSecurityPolicy(settings, sources),
    timeZone,
    locale: timeLocaleOf(c, language, locale),
    visit,
    retry,
    repeatable,
    opensAt,
    retryAfterSeconds: retryAfterSeconds(problem),
  });
  return c.body(html, status, {
    ...documentHeaders(settings, sources),
    ...problemHeaders(problem),
    "Content-Language": language,
  });
}
