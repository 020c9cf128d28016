import type { Language } from "../contract/languages.ts";
import type { JoinInfo } from "../contract/page_data.ts";
import type { Settings } from "../config/settings.ts";
import { type AppContext, appointmentIdOf } from "../http/dependencies.ts";
import { languageOf } from "../http/language.ts";
import {
  documentHeaders,
  type DocumentSources,
  metaContentSecurityPolicy,
} from "../http/security_headers.ts";
import { documentTexts } from "../i18n/languages.ts";
import { joinPageHashes, renderJoinPage } from "../page/join_page.tsx";
import { pageHashes, renderVisitPage } from "../page/visit_page.tsx";
import type { Visit } from "../visits/repository.ts";

/** How long the page waits for the SDK file before it says so. */
const SDK_TIMEOUT_MS = 30_000;

/** What the page of a visit is made for. */
export interface PageOf {
  readonly visit: Visit;
  /** Null: this person waits. */
  readonly join: JoinInfo | null;
  readonly session: string;
  /** Names the person's cookie in the address, so that a reload comes back to them. */
  readonly tab: string;
}

/** The page of a visit, ready for the call or for the waiting room. */
export function visitPage(
  c: AppContext,
  settings: Settings,
  { visit, join, session, tab }: PageOf,
): Response {
  const { appointment, self } = visit;
  const language = languageOf(c, self.locale);
  const sources = visitPageSources(language);
  const { html } = renderVisitPage({
    brand: settings.brand,
    cspMeta: metaContentSecurityPolicy(settings, sources),
    timeZone: self.timeZone,
    locale: self.locale,
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
      tab,
      sdk: { ...settings.sdk, timeoutMs: SDK_TIMEOUT_MS },
      hostOrigins: settings.frameAncestors,
      legacyEvents: settings.legacyEvents,
      lobby: settings.lobby,
      language,
      texts: documentTexts(language),
    },
  });
  return c.body(html, 200, {
    ...documentHeaders(settings, sources),
    "Content-Language": language,
  });
}

/** What the page of a visit holds inline, and that it may hold a call. */
export function visitPageSources(language: Language): DocumentSources {
  return { ...pageHashes(), call: language };
}

/**
 * "Join the visit": spends nothing, looks nothing up and names nobody. Its button posts to the same
 * address, so that whatever happens then can be tried again.
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
  for (const [name, value] of Object.entries(query)) {
    if (value) action.searchParams.set(name, value);
  }
  const { html } = renderJoinPage({
    language,
    brand: settings.brand,
    action: action.href,
    once: query.link !== undefined,
    cspMeta: metaContentSecurityPolicy(settings, sources),
  });
  return c.body(html, 200, {
    ...documentHeaders(settings, sources),
    "Content-Language": language,
  });
}
