import { isUuid, readForm } from "./input.ts";
import { type Admission, admit } from "./admission.ts";
import { languageOf, prefersHtml, problemResponse } from "./answer.ts";
import { identify, SESSION_COOKIE } from "./caller.ts";
import { documentHeaders, type DocumentPolicy, metaPolicy } from "./headers.ts";
import type { Language } from "./page/data.ts";
import { belowFloor } from "./page/floor.ts";
import { joinPageHashes, renderJoinPage } from "./page/join_page.ts";
import { documentTexts } from "./page/language.ts";
import { pageHashes, renderVisitPage } from "./page/visit_page.ts";
import { admissionPorts, type AppContext, type Parts } from "./parts.ts";
import { hashSecret, isSecret } from "../_shared/secrets.ts";
import type { Visit } from "./visits.ts";

/** How long the page waits for the SDK file before it says so. */
const SDK_TIMEOUT_MS = 30_000;

/** Fetchers that show a preview of a link in a chat; their names are in their user agents. */
const PREVIEW_BOTS =
  /facebookexternalhit|facebot|whatsapp|telegrambot|slackbot|twitterbot|discordbot|linkedinbot|skypeuripreview|viber|googlebot|bingbot|applebot|embedly|iframely|vkshare|redditbot|pinterest/i;

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

/** `GET` and `POST /chime-page/:appointmentId`: the meeting page. */
export async function openPage(c: AppContext, parts: Parts): Promise<Response> {
  const { settings } = parts;
  const refuse = (problem: Parameters<typeof problemResponse>[2], details = {}) =>
    problemResponse(c, settings, problem, details);

  const id = c.req.param("id") ?? "";
  if (!isUuid(id)) return refuse({ name: "bad-request", reason: "malformed-id" });
  if (isPrefetch(c.req.raw.headers)) return refuse({ name: "not-prefetched" });
  const pass = c.req.query("pass");
  if (c.req.method === "GET" && pass !== undefined && isPreview(c)) return joinPage(c, parts, pass);

  // Before anything is spent: the same link opens in a newer browser.
  if (belowFloor(c.req.header("user-agent") ?? "")) return refuse({ name: "browser-too-old" });

  const ports = admissionPorts(parts, parts.newDeadline());
  const form = c.req.method === "POST" ? await readForm(c) : { ok: true as const, value: {} };
  if (!form.ok) return refuse(form.error);
  const caller = await identify(c.req.raw, form.value, parts.tokens, settings.supabase.publicKeys);
  if (!caller.ok) return refuse(caller.error);

  const token = parts.newSecret();
  const admitted = await admit(ports, id, caller.value, await hashSecret(token));
  const visit = admitted.ok ? admitted.value.visit : admitted.error.visit;
  const session = visit?.via === "session" ? caller.value.sessionToken : token;
  const cookie = visit && visit.via !== "session" ? sessionCookie(parts, id, visit, token) : {};
  note(c, id, visit);
  if (!admitted.ok) {
    return refuse(admitted.error.problem, {
      headers: cookie,
      ...(visit ? { locale: visit.self.locale, timeZone: visit.self.timeZone } : {}),
      ...(visit && session ? { retry: { action: `${settings.publicUrl}/${id}`, session } } : {}),
    });
  }
  return visitPage(c, parts, id, admitted.value, session ?? token, cookie);
}

function visitPage(
  c: AppContext,
  parts: Parts,
  id: string,
  { visit, join }: Admission,
  session: string,
  cookie: Record<string, string>,
): Response {
  const { settings } = parts;
  if (join) c.get("notes").meetingId = join.meeting.MeetingId;
  const language = languageOf(c, visit.self.locale);
  const document = visitDocumentPolicy(language);
  const { html } = renderVisitPage({
    brand: settings.brand,
    cspMeta: metaPolicy(settings, document),
    timeZone: visit.self.timeZone,
    locale: visit.self.locale,
    data: {
      version: 1,
      appointmentId: id,
      startsAt: visit.appointment.startsAt.toISOString(),
      endsAt: visit.appointment.endsAt.toISOString(),
      self: { id: visit.self.id, name: visit.self.name, role: visit.self.role },
      people: visit.people,
      state: join ? "open" : "waiting",
      join,
      api: { base: `${settings.publicUrl}/${id}`, session },
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

/** For a messenger's preview: says what the link is for, spends nothing; the tap is a POST. */
function joinPage(c: AppContext, parts: Parts, pass: string): Response {
  const document = { scripts: [], styles: [joinPageHashes().style], call: null };
  const language = languageOf(c);
  const { html } = renderJoinPage({
    language,
    brand: parts.settings.brand,
    action: `${parts.settings.publicUrl}/${c.req.param("id")}`,
    cspMeta: metaPolicy(parts.settings, document),
    pass: isSecret(pass) ? pass : "",
  });
  return c.body(html, 200, {
    ...documentHeaders(parts.settings, document),
    "Content-Language": language,
  });
}

/**
 * The cookie that makes a reload work: for this page's path alone, out of reach of scripts, and kept
 * apart for each site that frames the page (CHIPS).
 */
function sessionCookie(parts: Parts, id: string, visit: Visit, token: string) {
  const path = `${new URL(parts.settings.publicUrl).pathname.replace(/\/+$/, "")}/${id}`;
  const now = parts.now().getTime();
  const seconds = Math.floor(((visit.sessionExpiresAt?.getTime() ?? now) - now) / 1000);
  return {
    "Set-Cookie": `${SESSION_COOKIE}=${token}; Path=${path}; Max-Age=${Math.max(0, seconds)}; ` +
      "HttpOnly; Secure; SameSite=None; Partitioned",
  };
}

/** A browser that fetches ahead of a tap; the tap may never come (Fetch standard, Sec-Purpose). */
function isPrefetch(headers: Headers): boolean {
  return ["sec-purpose", "purpose", "x-moz", "x-purpose"].some((name) =>
    /\b(prefetch|prerender|preview)\b/i.test(headers.get(name) ?? "")
  );
}

function isPreview(c: AppContext): boolean {
  return PREVIEW_BOTS.test(c.req.header("user-agent") ?? "") && !isProgram(c);
}

/** A program that names no HTML gets JSON problems, never an interstitial. */
function isProgram(c: AppContext): boolean {
  const accept = c.req.header("accept");
  return accept !== undefined && !prefersHtml(accept) && !accept.includes("*/*");
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
