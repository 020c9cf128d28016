import { setCookie } from "hono/cookie";
import type { Deadline } from "../../_shared/deadline.ts";
import { hashSecret, isSecret } from "../../_shared/secrets.ts";
import {
  type Caller,
  type CallerForm,
  cookieName,
  cookiesOf,
  identify,
  tabOf,
} from "../auth/credentials.ts";
import { type Sender, senderOf } from "../auth/request_origin.ts";
import type { Settings } from "../config/settings.ts";
import { belowFloor } from "../contract/browser_floor.ts";
import {
  admissionDependencies,
  type AppContext,
  appointmentIdOf,
  type Dependencies,
  noteVisit,
} from "../http/dependencies.ts";
import { type ProblemDetails, refuse, unwrap } from "../http/error_edge.ts";
import { languageOf, requestedLanguage, visitPath } from "../http/language.ts";
import { documentHeaders } from "../http/security_headers.ts";
import { readForm } from "../http/validation.ts";
import { admit } from "../visits/admission.ts";
import type { Visit } from "../visits/visit.ts";
import { joinPage, visitPage, visitPageSources } from "./documents.ts";

/** `HEAD`: checks no credentials, so no link is used up and no meeting is created. */
export function headPage(c: AppContext, settings: Settings): Response {
  return c.body(null, 200, documentHeaders(settings, visitPageSources(languageOf(c))));
}

/**
 * `GET` and `POST /chime-page/:appointmentId`: the page of the visit. A `GET` with a shareable link
 * (`?link=`), or from another site with a cookie, gets the page "Join the visit" first, whose button
 * sends a `POST`.
 */
export async function openPage(c: AppContext, dependencies: Dependencies): Promise<Response> {
  const { settings, tokens } = dependencies;
  if (isPrefetch(c.req.raw.headers)) refuse({ name: "not-prefetched" });
  // Before the link is used up, so that it still works in a newer browser.
  if (belowFloor(c.req.header("user-agent") ?? "")) refuse({ name: "browser-too-old" });
  const link = c.req.query("link");
  if (c.req.method === "GET" && link !== undefined) {
    if (!isSecret(link)) refuse({ name: "unauthenticated", reason: "malformed-link" });
    return joinPage(c, settings, { link });
  }

  const deadline = dependencies.newDeadline();
  const form = c.req.method === "POST" ? unwrap(await readForm(c)) : {};
  const sender = senderOf(c.req.raw, settings);
  const { publicKeys } = settings.supabase;
  const caller = unwrap(await identify(c.req.raw, form, sender, tokens, publicKeys), {
    repeatable: false,
  });
  if (caller.by === "cookie" && sender !== "own") {
    return sender === "navigation"
      ? joinPage(c, settings, { tab: c.req.query("tab") })
      : refuse({ name: "unauthenticated", reason: sender });
  }
  return await enter(c, dependencies, { caller, sender, form, deadline });
}

interface PageRequest {
  readonly caller: Caller;
  readonly sender: Sender;
  readonly form: CallerForm;
  readonly deadline: Deadline;
}

/** Admits the caller and renders the page, or throws a problem with what is needed to retry. */
async function enter(
  c: AppContext,
  dependencies: Dependencies,
  { caller, sender, form, deadline }: PageRequest,
): Promise<Response> {
  const { settings } = dependencies;
  const id = appointmentIdOf(c);
  const newSession = dependencies.newSecret();
  const admitted = await admit(
    admissionDependencies(dependencies, deadline),
    id,
    caller,
    hashSecret(newSession),
  );
  const { visit } = admitted.ok ? admitted.value : admitted.error;
  const existing = caller.sessions?.find(({ hash }) => hash === visit?.sessionHash)?.token;
  const session = existing ?? newSession;
  const tab = visit ? tabOf(id, visit.self.id) : "";
  if (visit) {
    noteVisit(c, visit);
    const name = cookieName(tab);
    // The session of an early person may have been extended.
    const early = !admitted.ok && admitted.error.problem.name === "too-early";
    if (sender !== "unproven" && (early || cookiesOf(c.req.raw)[name] !== session)) {
      setSessionCookie(c, dependencies, visit, name, session);
    }
  }
  if (admitted.ok) {
    const { join } = admitted.value;
    if (join) c.get("notes").meetingId = join.meeting.MeetingId;
    return visitPage(c, settings, { ...admitted.value, session, tab });
  }
  const retrySession = visit ? session : form.session;
  const requested = requestedLanguage(c);
  const action = `${settings.publicUrl}/${id}` + (requested ? `?lang=${requested}` : "");
  return refuse(admitted.error.problem, {
    // A reload by URL alone might use another person's cookie.
    repeatable: caller.by === "cookie" || (caller.by === "link" && form.pass === undefined),
    ...(visit ? personDetails(visit) : {}),
    ...(retrySession ? { retry: { action, session: retrySession } } : {}),
  });
}

/** What the problem page of a participant may show them about their visit. */
function personDetails({ self, people, appointment }: Visit): ProblemDetails {
  return {
    locale: self.locale,
    timeZone: self.timeZone,
    visit: {
      startsAt: appointment.startsAt.toISOString(),
      endsAt: appointment.endsAt.toISOString(),
      people,
      selfId: self.id,
    },
  };
}

/**
 * Sets the cookie that lets the page be reloaded. It is limited to this visit's path, not readable by
 * scripts, and partitioned by the site that frames the page (CHIPS).
 */
function setSessionCookie(
  c: AppContext,
  { settings, now }: Dependencies,
  { sessionExpiresAt }: Visit,
  name: string,
  session: string,
): void {
  const remainingMs = sessionExpiresAt ? sessionExpiresAt.getTime() - now().getTime() : 0;
  setCookie(c, name, session, {
    path: visitPath(c, settings),
    maxAge: Math.max(0, Math.floor(remainingMs / 1000)),
    httpOnly: true,
    secure: true,
    sameSite: "None",
    partitioned: true,
  });
}

/** Whether a browser fetches the page before the person opens it (Fetch standard, `Sec-Purpose`). */
function isPrefetch(headers: Headers): boolean {
  return ["sec-purpose", "purpose", "x-moz", "x-purpose"].some((name) =>
    /\b(prefetch|prerender|preview)\b/i.test(headers.get(name) ?? "")
  );
}
