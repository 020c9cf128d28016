import { parse } from "hono/utils/cookie";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import { hashSecret, isSecret } from "../../_shared/secrets.ts";
import type { Sender } from "./request_origin.ts";
import type { Subject, TokenProblem, TokenVerifier } from "./token_verifier.ts";
import type { Credentials } from "../visits/visit.ts";

/** The token of a page's session, and the hash under which the database stores it. */
export interface SessionToken {
  readonly token: string;
  readonly hash: string;
}

/** Who requests a page. Includes session tokens, so that a reloaded page can keep its session. */
export interface Caller extends Credentials {
  readonly sessions?: readonly SessionToken[];
  /** Which credential identifies them. */
  readonly by: "token" | "link" | "form" | "cookie";
}

/** Fields of a form sent to `POST /chime-page/:appointmentId`. */
export interface CallerForm {
  readonly accessToken?: string;
  readonly pass?: string;
  readonly session?: string;
}

/** Prefix of the cookies that let a page be reloaded. */
const SESSION_COOKIE = "chime_page_session";

/**
 * The name of a person's session cookie: two people may use one browser. Version 0.1 used the bare
 * prefix for everyone; such a cookie (valid for at most a day) still counts when the URL has no
 * `tab` parameter.
 */
export function cookieName(tab: string): string {
  return `${SESSION_COOKIE}_${tab}`;
}

/** Identifies a person in a cookie name and in `?tab=` without disclosing who they are. */
export function tabOf(appointmentId: string, participantId: string): string {
  return hashSecret(`${appointmentId} ${participantId}`).slice(0, 8);
}

/**
 * Hashes the secret of a shareable link (`?link=`) for storage. The hash differs from that of a pass
 * (`?pass=`), so neither can be used as the other and the Join button cannot be skipped.
 */
export function hashLink(secret: string): string {
  return hashSecret(`by-tap ${secret}`);
}

/**
 * Identifies who opens a page, by the first credential present: a person's token, a link, the session
 * in a form, a cookie. If that one is invalid, the request is refused and the others are not tried.
 * The exceptions are an expired token and a used link: then a link or session of the same person
 * counts.
 *
 * Problems: `unauthenticated`, `busy`, `upstream-unavailable`.
 * @param publicKeys keys that are sent as a bearer token when nobody is signed in
 */
export async function identify(
  request: Request,
  form: CallerForm,
  sender: Sender,
  verifier: TokenVerifier,
  publicKeys: readonly string[],
): Promise<Result<Caller, Problem>> {
  const bearer = (sender === "other-site" ? undefined : form.accessToken) ?? bearerOf(request);
  const verified = await verifyToken(request, bearer, verifier, publicKeys);
  if (verified?.ok) return ok({ by: "token", subject: verified.value });
  if (verified && verified.error.expired === undefined) return verified;
  if (sender === "other-site") return err({ name: "unauthenticated", reason: "other-site" });

  const pass = linkHashOf(request, form);
  if (pass && !pass.ok) return pass;
  const by = verified ? "token" : pass ? "link" : form.session === undefined ? "cookie" : "form";
  const secrets = form.session === undefined ? sessionCookiesOf(request, by) : [form.session];
  const sessions = secrets.filter(isSecret).map((token) => ({ token, hash: hashSecret(token) }));
  if (!pass && sessions.length === 0) {
    return verified ?? err({ name: "unauthenticated", reason: "no-credential" });
  }
  return ok({
    by,
    ...(pass ? { passHash: pass.value } : {}),
    ...(sessions.length > 0 ? { sessions } : {}),
    ...(verified?.error.expired === undefined ? {} : { expiredSubject: verified.error.expired }),
  });
}

/**
 * Verifies the token of a request, from an issuer's header or a bearer token.
 *
 * Problems: `unauthenticated`, `busy`, `upstream-unavailable`.
 * @returns the person, or undefined if the request has no token
 */
export async function verifyToken(
  request: Request,
  bearer: string | undefined,
  verifier: TokenVerifier,
  publicKeys: readonly string[],
): Promise<Result<Subject, TokenProblem> | undefined> {
  const header = verifier.headers.find((name) => request.headers.get(name));
  if (header) return await verifier.verifyHeader(header, request.headers.get(header) ?? "");
  // Supabase clients send the public key as a bearer token when nobody is signed in.
  if (bearer === undefined || publicKeys.includes(bearer)) return undefined;
  return await verifier.verify(bearer);
}

/** The hash of the request's pass or, on POST only, its shareable link. */
function linkHashOf(request: Request, form: CallerForm): Result<string, Problem> | undefined {
  const query = new URL(request.url).searchParams;
  const link = request.method === "POST" ? query.get("link") : null;
  const secret = link ?? form.pass ?? query.get("pass");
  if (secret === null) return undefined;
  if (!isSecret(secret)) return err({ name: "unauthenticated", reason: "malformed-link" });
  return ok(link === null ? hashSecret(secret) : hashLink(secret));
}

/**
 * The session of an API call made by the page. Cookies do not count, so other sites cannot act with
 * it. Problem: `unauthenticated`.
 * @param beacon the token in the body of a beacon, which cannot have headers; default: the bearer
 */
export function sessionOf(request: Request, beacon?: string): Result<SessionToken, Problem> {
  const token = beacon ?? bearerOf(request);
  if (token === undefined || !isSecret(token)) {
    return err({ name: "unauthenticated", reason: "no-session" });
  }
  return ok({ token, hash: hashSecret(token) });
}

/** The token of `Authorization: Bearer` (RFC 6750, section 2.1). */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** The cookies of a request, by name. */
export function cookiesOf(request: Request): Readonly<Record<string, string>> {
  return parse(request.headers.get("cookie") ?? "");
}

/** How many session cookies are read. The newest ones come last (RFC 6265, section 5.4). */
const MAX_COOKIES = 10;

/**
 * The session cookies of a request. If only cookies identify the person and the URL has a `tab`
 * parameter, just the cookie of that tab counts; otherwise all cookies of the visit do.
 */
function sessionCookiesOf(request: Request, by: Caller["by"]): readonly string[] {
  const tab = by === "cookie" ? new URL(request.url).searchParams.get("tab") : null;
  const wanted = (name: string) =>
    tab === null
      ? name === SESSION_COOKIE || name.startsWith(`${SESSION_COOKIE}_`)
      : name === cookieName(tab);
  return Object.entries(cookiesOf(request)).filter(([name]) => wanted(name))
    .map(([, value]) => value).slice(-MAX_COOKIES);
}
