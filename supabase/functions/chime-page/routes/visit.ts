import { isUuid, readForm } from "../http/validation.ts";
import { type Admission, admit } from "../visits/admission.ts";
import { languageOf, problemResponse } from "../http/problem_response.ts";
import {
  type Caller,
  type CallerForm,
  cookieName,
  cookieOf,
  identify,
  tabOf,
} from "../auth/credentials.ts";
import { documentHeaders, type DocumentPolicy, metaPolicy } from "../http/security_headers.ts";
import type { Language } from "../contract/page_data.ts";
import { belowFloor } from "../contract/browser_floor.ts";
import { joinPageHashes, renderJoinPage } from "../page/join_page.ts";
import { documentTexts } from "../i18n/languages.ts";
import { pageHashes, renderVisitPage } from "../page/visit_page.ts";
import { admissionPorts, type AppContext, type Parts } from "../http/dependencies.ts";
import { type Sender, senderOf } from "../auth/request_origin.ts";
import type { Deadline } from "../../_shared/deadline.ts";
import { hashSecret, isSecret } from "../../_shared/secrets.ts";
import type { Visit } from "../visits/repository.ts";

/** How long the page waits for the SDK file before it says so. */
const SDK_TIMEOUT_MS = 30_000;

/**
 * `HEAD` tells that there is a page, and nothing of whose: no credential is looked at, so none is
 * spent, and no meeting comes to be.
 */
export function headPage(c: AppContext, parts: Parts): Response {
  if (!isUuid(c.req.param("id") ?? "")) {
    return problemResponse(c, parts.settings, { name: "bad-request", reason: "malformed-id" });
  }
  return c.body(null, 200, documentHeaders(parts.settings, visitDocumentPolicy(languageOf(c))));
}

/**
 * `GET` and `POST /chime-page/:appointmentId`: the meeting page. A link that travels (`?link=`) and a
 * visit that another site leads to get the page "Join the visit" first, whose tap is a `POST`.
 */
export async function openPage(c: AppContext, parts: Parts): Promise<Response> {
  const { settings } = parts;
  const refuse = (problem: Parameters<typeof problemResponse>[2], details = {}) =>
    problemResponse(c, settings, problem, details);

  const id = c.req.param("id") ?? "";
  if (!isUuid(id)) return refuse({ name: "bad-request", reason: "malformed-id" });
  if (isPrefetch(c.req.raw.headers)) return refuse({ name: "not-prefetched" });
  // Before anything is spent: the same link opens in a newer browser.
  if (belowFloor(c.req.header("user-agent") ?? "")) return refuse({ name: "browser-too-old" });
  const link = c.req.query("link");
  if (c.req.method === "GET" && link !== undefined) {
    return isSecret(link)
      ? joinPage(c, parts, { link })
      : refuse({ name: "unauthenticated", reason: "malformed-link" });
  }

  const deadline = parts.newDeadline();
  const form = c.req.method === "POST" ? await readForm(c) : { ok: true as const, value: {} };
  if (!form.ok) return refuse(form.error);
  const sender = senderOf(c.req.raw, settings);
  const { publicKeys } = settings.supabase;
  const caller = await identify(c.req.raw, form.value, sender, parts.tokens, publicKeys);
  if (!caller.ok) return refuse(caller.error, { repeatable: false });
  if (caller.value.by === "cookie" && sender !== "own") {
    return sender === "navigation"
      ? joinPage(c, parts, { tab: c.req.query("tab") })
      : refuse({ name: "unauthenticated", reason: sender });
  }
  return await enter(c, parts, { caller: caller.value, sender, form: form.value, deadline });
}

/** Who asks for a page, and how. */
interface Asked {
  readonly caller: Caller;
  readonly sender: Sender;
  readonly form: CallerForm;
  readonly deadline: Deadline;
}

/** Lets the caller in, or says why not, with what they need to ask again. */
async function enter(
  c: AppContext,
  parts: Parts,
  { caller, sender, form, deadline }: Asked,
): Promise<Response> {
  const { settings } = parts;
  const id = c.req.param("id") ?? "";
  const fresh = parts.newSecret();
  const admitted = await admit(
    admissionPorts(parts, deadline),
    id,
    caller,
    await hashSecret(fresh),
  );
  const { visit } = admitted.ok ? admitted.value : admitted.error;
  note(c, id, visit);

  const session = caller.sessions?.find(({ hash }) => hash === visit?.sessionHash)?.token ?? fresh;
  const tab = visit ? await tabOf(id, visit.self.id) : "";
  const kept = visit && sender !== "unproven" && cookieOf(c.req.raw, cookieName(tab)) !== session;
  const cookie = kept ? sessionCookie(parts, id, visit, cookieName(tab), session) : {};
  if (admitted.ok) return visitPage(c, parts, admitted.value, { session, tab, cookie });
  const own = visit ? session : form.session;
  return problemResponse(c, settings, admitted.error.problem, {
    headers: cookie,
    // The address alone must not bring somebody else in: a cookie may be another person's.
    repeatable: caller.by === "cookie" || (caller.by === "link" && form.pass === undefined),
    ...(visit ? { locale: visit.self.locale, timeZone: visit.self.timeZone } : {}),
    ...(own ? { retry: { action: `${settings.publicUrl}/${id}`, session: own } } : {}),
  });
}

/** How a page that is reloaded comes back to its person. */
interface WayBack {
  readonly session: string;
  /** Which of the visit's cookies is meant, in the address of the page. */
  readonly tab: string;
  readonly cookie: Readonly<Record<string, string>>;
}

function visitPage(
  c: AppContext,
  parts: Parts,
  { visit, join }: Admission,
  { session, tab, cookie }: WayBack,
): Response {
  const { settings } = parts;
  const { appointment, self } = visit;
  if (join) c.get("notes").meetingId = join.meeting.MeetingId;
  const language = languageOf(c, self.locale);
  const document = visitDocumentPolicy(language);
  const { html } = renderVisitPage({
    brand: settings.brand,
    cspMeta: metaPolicy(settings, document),
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
    ...documentHeaders(settings, document),
    ...cookie,
    "Content-Language": language,
  });
}

/** The meeting page's inline parts, and its files. */
function visitDocumentPolicy(language: Language): DocumentPolicy {
  return { ...pageHashes(), call: language };
}

/**
 * "Join the visit": spends nothing, looks nothing up and names nobody; the tap is a POST. It goes to
 * the same address, so that whatever happens then can be tried again.
 * @param way the link that is opened by the tap, or the tab whose cookie is asked by it
 */
function joinPage(
  c: AppContext,
  parts: Parts,
  way: { readonly link?: string; readonly tab?: string | undefined },
): Response {
  const document = { scripts: [], styles: [joinPageHashes().style], call: null };
  const language = languageOf(c);
  const action = new URL(`${parts.settings.publicUrl}/${c.req.param("id")}`);
  for (const [name, value] of Object.entries(way)) if (value) action.searchParams.set(name, value);
  const { html } = renderJoinPage({
    language,
    brand: parts.settings.brand,
    action: action.href,
    once: way.link !== undefined,
    cspMeta: metaPolicy(parts.settings, document),
  });
  return c.body(html, 200, {
    ...documentHeaders(parts.settings, document),
    "Content-Language": language,
  });
}

/**
 * The cookie that makes a reload work: for this page's path and this person alone, out of reach of
 * scripts, and kept apart for each site that frames the page (CHIPS).
 */
function sessionCookie(parts: Parts, id: string, visit: Visit, name: string, token: string) {
  const path = `${new URL(parts.settings.publicUrl).pathname.replace(/\/+$/, "")}/${id}`;
  const now = parts.now().getTime();
  const seconds = Math.floor(((visit.sessionExpiresAt?.getTime() ?? now) - now) / 1000);
  return {
    "Set-Cookie": `${name}=${token}; Path=${path}; Max-Age=${Math.max(0, seconds)}; ` +
      "HttpOnly; Secure; SameSite=None; Partitioned",
  };
}

/** A browser that fetches ahead of a tap; the tap may never come (Fetch standard, Sec-Purpose). */
function isPrefetch(headers: Headers): boolean {
  return ["sec-purpose", "purpose", "x-moz", "x-purpose"].some((name) =>
    /\b(prefetch|prerender|preview)\b/i.test(headers.get(name) ?? "")
  );
}

function note(c: AppContext, appointmentId: string, visit: Visit | undefined): void {
  // The id is a stranger's word until the database knew it.
  if (!visit) return;
  Object.assign(c.get("notes"), {
    appointmentId,
    participantId: visit.self.id,
    via: visit.via,
  });
}
