/** @jsxImportSource hono/jsx */
/** The page shown instead of a visit: what happened, what it means, and what to do now. */
import { raw } from "hono/html";
import type { Language } from "../contract/languages.ts";
import { pointInTime } from "../contract/times.ts";
import { pageTexts } from "../i18n/languages.ts";
import type { ProblemText } from "../i18n/texts.ts";
import * as client from "./client.generated.ts";
import { BrandName, Document, type DocumentModel } from "./document.tsx";
import { IconFace } from "./icons.tsx";

/** Input of the page. */
export interface ProblemPageModel extends DocumentModel {
  readonly texts: ProblemText;
  /** HTTP status; 429 and 5xx get a "Try again". */
  readonly status: number;
  /** Shown as a reference, by which an operator finds the request in the log. */
  readonly requestId: string;
  readonly language: Language;
  /** With `opensAt`: seconds until the page retries automatically. */
  readonly retryAfterSeconds?: number | undefined;
  /** ISO 8601: when the visit opens. Shows the time and a countdown. */
  readonly opensAt?: string | undefined;
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
  const { texts, language, opensAt } = model;
  const counts = opensAt !== undefined && model.retryAfterSeconds !== undefined;
  const page = (
    <Document {...model} referrer="same-origin" style={client.CARD_STYLE}>
      <main class="card">
        <BrandName {...model.brand} />
        <IconFace name={opensAt === undefined ? "notice" : "clock"} />
        <h1>{texts.title}</h1>
        <p>{texts.detail}</p>
        {opensAt !== undefined && <Opening {...model} opensAt={opensAt} />}
        <p class="next">{texts.nextStep}</p>
        <TryAgain {...model} counts={counts} />
        <p class="reference">
          <small>
            {pageTexts(language).reference} <bdi>{model.requestId}</bdi>
          </small>
        </p>
      </main>
      {counts && <script>{raw(client.COUNTDOWN_SCRIPT)}</script>}
    </Document>
  );
  return { html: String(page) };
}

function Opening({ opensAt, ...model }: ProblemPageModel & { opensAt: string }) {
  const { language, retryAfterSeconds } = model;
  const texts = pageTexts(language);
  const [before, after] = texts.opensAt.split("{time}");
  const [countBefore, countAfter] = texts.opensIn.split("{time}");
  return (
    <>
      <p class="when">
        {before}
        <time datetime={opensAt}>
          {pointInTime(opensAt, language, model.timeZone, model.locale)}
        </time>
        {after}
      </p>
      {retryAfterSeconds !== undefined && (
        <p class="countdown" id="countdown" data-seconds={retryAfterSeconds} hidden>
          {countBefore}
          <span id="countdown-time" role="timer"></span>
          {countAfter}
        </p>
      )}
    </>
  );
}

/** The Retry button: a form with the session, which the countdown submits too, or a link. */
function TryAgain({ status, retry, ...model }: ProblemPageModel & { counts: boolean }) {
  const { tryAgain } = pageTexts(model.language);
  const again = status === 429 || status >= 500;
  if (retry && (again || model.counts)) {
    return (
      <form id="retry" method="post" action={retry.action}>
        <input type="hidden" name="session" value={retry.session} />
        <button class="button" type="submit">{tryAgain}</button>
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
