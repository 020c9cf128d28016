import { aloneTexts } from "../contract/alone_texts.ts";
import type { Language } from "../contract/languages.ts";
import type { JoinInfo } from "../contract/page_data.ts";
import type { Settings } from "../config/settings.ts";
import { type AppContext, appointmentIdOf } from "../http/dependencies.ts";
import { languageOf, requestedLanguage, timeLocaleOf } from "../http/language.ts";
import {
  documentHeaders,
  type DocumentSources,
  metaContentSecurityPolicy,
} from "../http/security_headers.ts";
import { clientTexts, documentTexts } from "../i18n/languages.ts";
import { joinPageHashes, renderJoinPage } from "../page/join_page.tsx";
import { pageHashes, renderVisitPage } from "../page/visit_page.tsx";
import type { Visit } from "../visits/visit.ts";

/** How long the page waits for the SDK file before it reports a timeout. */
const SDK_TIMEOUT_MS = 30_000;

/** What {@link visitPage} renders. */
export interface VisitPageInput {
  readonly visit: Visit;
  /** Null if the person has to wait. */
  readonly join: JoinInfo | null;
  readonly session: string;
  /** Identifies the person's cookie in the URL, so that a reload of the page is theirs. */
  readonly tab: string;
}

/** Renders the page of a visit, ready for the call or the waiting room. */
export function visitPage(
  c: AppContext,
  settings: Settings,
  { visit, join, session, tab }: VisitPageInput,
): Response {
  const { appointment, self } = visit;
  const language = languageOf(c, self.locale);
  const requested = requestedLanguage(c);
  const sources = { ...visitPageSources(language), placement: join?.meeting.MediaPlacement };
  const { html } = renderVisitPage({
    brand: settings.brand,
    cspMeta: metaContentSecurityPolicy(settings, sources),
    timeZone: self.timeZone,
    locale: timeLocaleOf(c, language, self.locale),
    data: {
      version: 1,
      appointmentId: appointment.id,
      startsAt: appointment.startsAt.toISOString(),
      endsAt: appointment.endsAt.toISOString(),
      self: { id: self.id, name: self.name, role: self.role },
      people: visit.people,
      state: join ? "open" : "waiting",
      join,
      api: { base: `${settings.publicUrl}/${appointment.id}`, session },
      query: `tab=${tab}` + (requested ? `&lang=${requested}` : ""),
      sdk: { ...settings.sdk, timeoutMs: SDK_TIMEOUT_MS },
      hostOrigins: settings.frameAncestors,
      legacyEvents: settings.legacyEvents,
      lobby: settings.lobby,
      language,
      texts: {
        ...documentTexts(language),
        ...(visit.people.length === 1 && aloneTexts(clientTexts(language))),
      },
    },
  });
  return c.body(html, 200, {
    ...documentHeaders(settings, sources),
    "Content-Language": language,
  });
}

/** The sources of a visit's page, for its Content-Security-Policy. */
export function visitPageSources(language: Language): DocumentSources {
  return { ...pageHashes(), call: language };
}

/**
 * Renders the page with the button "Join the visit". It does not use up the link, query the database
 * or name anyone. The button posts to the same URL, so a failed attempt can be repeated.
 * @param query the link that the button opens, or the tab whose cookie it uses
 */
export function joinPage(
  c: AppContext,
  settings: Settings,
  query: { readonly link?: string; readonly tab?: string | undefined },
): Response {
  const sources = { scripts: [], styles: [joinPageHashes().style], call: null };
  const language = languageOf(c);
  const action = new URL(`${settings.publicUrl}/${appointmentIdOf(c)}`);
  const requested = requestedLanguage(c);
  for (const [name, value] of Object.entries({ ...query, lang: requested })) {
    if (value) action.searchParams.set(name, value);
  }
  const { link } = query;
  const { html } = renderJoinPage({
    language,
    brand: settings.brand,
    action: action.href,
    once: link !== undefined,
    // A GET from this page with the cookie of a tab would already open the visit.
    again: link === undefined ? undefined : { method: "get", url: action.href },
    cspMeta: metaContentSecurityPolicy(settings, sources),
  });
  return c.body(html, 200, {
    ...documentHeaders(settings, sources),
    "Content-Language": language,
  });
}
