import { parse } from "hono/utils/cookie";
import type { Problem } from "../../_shared/problem.ts";
import { err, ok, type Result } from "../../_shared/result.ts";
import { hashSecret, isSecret } from "../../_shared/secrets.ts";
import type { Sender } from "./request_origin.ts";
import type { Subject, TokenProblem, TokenVerifier } from "./token_verifier.ts";
import type { Credentials } from "../visits/repository.ts";

/** A session's token, by which a page speaks, and the hash by which the database knows it. */
export interface SessionToken {
  readonly token: string;
  readonly hash: string;
}

/** Who asks for a page, with the sessions' tokens, so that a reloaded page can go on with its own. */
export interface Caller extends Credentials {
  readonly sessions?: readonly SessionToken[];
  /** What names them. */
  readonly by: "token" | "link" | "form" | "cookie";
}

/** What a form of `POST /chime-page/:appointmentId` may carry. */
export interface CallerForm {
  readonly accessToken?: string;
  readonly pass?: string;
  readonly session?: string;
}

/** What the names of cookies that let a page be reloaded begin with. */
const SESSION_COOKIE = "chime_page_session";

/**
 * Each person of a visit has a cookie of their own in a browser. Version 0.1 had one name for all:
 * its cookies, which live a day at most, are still read where an address names no tab.
 */
export function cookieName(tab: string): string {
  return `${SESSION_COOKIE}_${tab}`;
}

/** What stands for a person in a cookie's name and in `?tab=`: it says nothing about them. */
export async function tabOf(appointmentId: string, participantId: string): Promise<string> {
  return (await hashSecret(`${appointmentId} ${participantId}`)).slice(0, 8);
}

/**
 * The form in which the secret of a link that travels (`?link=`) is kept. It differs from that of a
 * pass (`?pass=`), so that neither opens anything in the other's place, and the tap can't be skipped.
 */
export function hashLink(secret: string): Promise<string> {
  return hashSecret(`by-tap ${secret}`);
}

/**
 * Finds who opens a page. The first of these that a request brings decides, and what is bad about it
 * is not made good by the next: a person's token, a link, the session of a form, a cookie. A token
 * that has only expired, and a link that is used up, leave it to a link or session of the same person.
 * Problems: `unauthenticated`, `upstream-unavailable`.
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

  const pass = await passHashOf(request, form);
  if (pass && !pass.ok) return pass;
  const by = verified ? "token" : pass ? "link" : form.session === undefined ? "cookie" : "form";
  const secrets = form.session === undefined ? sessionCookiesOf(request, by) : [form.session];
  const sessions = await Promise.all(
    secrets.filter(isSecret).map(async (token) => ({ token, hash: await hashSecret(token) })),
  );
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
 * The person of the token that a request brings, in an issuer's header or as a bearer; undefined if it
 * brings none. Problems: `unauthenticated`, `upstream-unavailable`.
 */
export async function verifyToken(
  request: Request,
  bearer: string | undefined,
  verifier: TokenVerifier,
  publicKeys: readonly string[],
): Promise<Result<Subject, TokenProblem> | undefined> {
  const header = verifier.headers.find((name) => request.headers.get(name));
  if (header) return await verifier.verifyHeader(header, request.headers.get(header) ?? "");
  // Supabase's clients send the public key as a bearer where no one is signed in.
  if (bearer === undefined || publicKeys.includes(bearer)) return undefined;
  return await verifier.verify(bearer);
}

/** The link that a request brings: a pass, or a link that travels, which only a POST opens. */
async function passHashOf(
  request: Request,
  form: CallerForm,
): Promise<Result<string, Problem> | undefined> {
  const query = new URL(request.url).searchParams;
  const link = request.method === "POST" ? query.get("link") : null;
  const secret = link ?? form.pass ?? query.get("pass");
  if (secret === null) return undefined;
  if (!isSecret(secret)) return err({ name: "unauthenticated", reason: "malformed-link" });
  return ok(await (link === null ? hashSecret(secret) : hashLink(secret)));
}

/**
 * The session of a page's own call: its bearer, or the `session` of a beacon, and never the cookie,
 * so no other site can act with it. Problem: `unauthenticated`.
 */
export async function sessionOf(
  request: Request,
  beacon?: string,
): Promise<Result<SessionToken, Problem>> {
  const token = beacon ?? bearerOf(request);
  if (token === undefined || !isSecret(token)) {
    return err({ name: "unauthenticated", reason: "no-session" });
  }
  return ok({ token, hash: await hashSecret(token) });
}

/** The token of `Authorization: Bearer` (RFC 6750, section 2.1). */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** The cookies of a request, by name. */
export function cookiesOf(request: Request): Readonly<Record<string, string>> {
  return parse(request.headers.get("cookie") ?? "");
}

/** More people than this do not share one browser; the newest cookies stand last (RFC 6265, 5.4). */
const MOST_COOKIES = 10;

/**
 * The session cookies of a request: where nothing else names the person, that of the tab which its
 * address names; else all of the visit.
 */
function sessionCookiesOf(request: Request, by: Caller["by"]): readonly string[] {
  const tab = by === "cookie" ? new URL(request.url).searchParams.get("tab") : null;
  const wanted = (name: string) =>
    tab === null
      ? name === SESSION_COOKIE || name.startsWith(`${SESSION_COOKIE}_`)
      : name === cookieName(tab);
  return Object.entries(cookiesOf(request)).filter(([name]) => wanted(name))
    .map(([, value]) => value).slice(-MOST_COOKIES);
}
