/** @jsxImportSource hono/jsx */
/** The page shown instead of a visit: what happened, what it means, and what to do now. */
import { raw } from "hono/html";
import type { ProblemName } from "../../_shared/problem.ts";
import type { Language } from "../contract/languages.ts";
import { pageTexts } from "../i18n/languages.ts";
import type { ProblemText } from "../i18n/texts.ts";
import * as client from "./client.generated.ts";
import { Document, type DocumentModel } from "./document.tsx";
import { IconFace } from "./icons.tsx";
import { LanguageMenu, type SameRequest } from "./language_menu.tsx";
import { Opening, type OpeningVisit } from "./opening.tsx";
import { NO_KIND, PROBLEM_KINDS } from "./problem_kinds.ts";
import { referenceOf } from "./reference.ts";
import { CardHeader } from "./card_header.tsx";

/** Input of the page. */
export interface ProblemPageModel extends DocumentModel {
  readonly texts: ProblemText;
  /** Decides the icon, the tone, and whether there is a reference. Default: a neutral page. */
  readonly problem?: ProblemName;
  /** HTTP status; 429 and 5xx get a "Try again". */
  readonly status: number;
  /** Identifies the request in the log. People see its {@link referenceOf} where they need it. */
  readonly requestId: string;
  readonly language: Language;
  /** With `opensAt`: seconds until the page retries automatically. */
  readonly retryAfterSeconds?: number | undefined;
  /** ISO 8601: when the visit opens. Shows the time and a countdown. */
  readonly opensAt?: string | undefined;
  /** With `opensAt`: who the visit is with, and when it takes place. */
  readonly visit?: OpeningVisit | undefined;
  /** IANA name of the reader's time zone, where known. */
  readonly timeZone?: string | null | undefined;
  readonly locale?: string | null | undefined;
  /**
   * How to retry if cookies are blocked and the pass was used: a form that posts the session to the
   * absolute URL of the visit. The policy must allow it in `form-action`.
   */
  readonly retry?: { readonly action: string; readonly session: string } | undefined;
  /** Whether the same URL would open the visit for the same person. Default true. */
  readonly repeatable?: boolean;
}

/** CSP sources (`sha256-…`, without quotes) of the problem page's inline style and countdown script. */
export function problemPageHashes(): { readonly script: string; readonly style: string } {
  return { script: client.COUNTDOWN_SCRIPT_HASH, style: client.CARD_STYLE_HASH };
}

/** Renders a problem. Only a visit that opens later has a script, the countdown. */
export function renderProblemPage(model: ProblemPageModel): { readonly html: string } {
  const { texts, language, opensAt, requestId } = model;
  const counts = opensAt !== undefined && model.retryAfterSeconds !== undefined;
  const kind = model.problem ? PROBLEM_KINDS[model.problem] : NO_KIND;
  const again = sameRequest(model);
  const page = (
    <Document {...model} referrer="same-origin" style={client.CARD_STYLE} requestId={requestId}>
      <CardHeader {...model.brand}>
        {again && <LanguageMenu language={language} again={again} />}
      </CardHeader>
      <main class={`card ${kind.tone}`}>
        <IconFace name={opensAt === undefined ? kind.face : "clock"} />
        <h1>{texts.title}</h1>
        <p>{texts.detail}</p>
        {opensAt !== undefined && <Opening {...model} opensAt={opensAt} />}
        <NextStep language={language} text={texts.nextStep} counts={counts} />
        <TryAgain {...model} counts={counts} />
        {kind.tell && <Reference language={language} requestId={requestId} />}
      </main>
      {counts && <script>{raw(client.COUNTDOWN_SCRIPT)}</script>}
    </Document>
  );
  return { html: String(page) };
}

/**
 * The request that leads to the same problem, for another language. A page without a session repeats
 * its own URL, by POST, so that the link in it is not in the markup. Undefined if that would be
 * another request: a host app's token was in its headers or its form.
 */
function sameRequest({ retry, ...model }: ProblemPageModel): SameRequest | undefined {
  if (retry) return { method: "post", action: retry.action, fields: { session: retry.session } };
  const same = model.repeatable !== false || model.problem === "unauthenticated";
  return same ? { method: "post", action: "" } : undefined;
}

/** What to do now. A countdown does it by itself, but not without scripts. */
function NextStep(
  { language, text, counts }: { language: Language; text: string; counts: boolean },
) {
  const texts = pageTexts(language);
  return (
    <>
      <section class="next" id="next" hidden={counts}>
        <h2>{texts.whatToDo}</h2>
        <p>{text}</p>
      </section>
      {counts && (
        <noscript>
          <section class="next">
            <h2>{texts.whatToDo}</h2>
            <p>{texts.noScript}</p>
          </section>
        </noscript>
      )}
    </>
  );
}

/** The Retry button: a form with the session, which the countdown submits too, or a link. */
function TryAgain({ status, retry, ...model }: ProblemPageModel & { counts: boolean }) {
  const { tryAgain, checkAgain } = pageTexts(model.language);
  const again = status === 429 || status >= 500;
  if (retry && (again || model.counts)) {
    return (
      <form id="retry" method="post" action={retry.action}>
        <input type="hidden" name="session" value={retry.session} />
        <button class={model.counts ? "button quiet" : "button"} type="submit">
          {model.counts ? checkAgain : tryAgain}
        </button>
      </form>
    );
  }
  if (!again || model.repeatable === false) return null;
  return (
    <p>
      <a class="button" href="">{tryAgain}</a>
    </p>
  );
}

function Reference({ language, requestId }: { language: Language; requestId: string }) {
  return (
    <p class="reference">
      <small>
        {pageTexts(language).reference} <bdi translate="no">{referenceOf(requestId)}</bdi>
      </small>
    </p>
  );
}
