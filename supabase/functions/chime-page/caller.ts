import type { Problem } from "../_shared/problem.ts";
import { err, ok, type Result } from "../_shared/result.ts";
import { hashSecret, isSecret } from "../_shared/secrets.ts";
import type { Tokens } from "./tokens.ts";

/**
 * Who asks, as far as it can be known without the database: a verified subject, or hashes of a pass
 * and a session that the database must know.
 */
export interface Caller {
  readonly subject?: string;
  readonly passHash?: string;
  readonly sessionHash?: string;
  /** The session token itself, so that a reloaded page can go on with it. */
  readonly sessionToken?: string;
}

/** What a form of `POST /chime-page/:appointmentId` may carry. */
export interface CallerForm {
  readonly accessToken?: string;
  readonly pass?: string;
  readonly session?: string;
}

/** Name of the cookie that lets a page be reloaded. */
export const SESSION_COOKIE = "chime_page_session";

/**
 * Finds who opens a page. A token of a person wins over a pass, a pass over the cookie of an earlier
 * opening; the database falls back from a spent pass to a live session.
 * Problems: `unauthenticated`, `upstream-unavailable`.
 */
export async function identify(
  request: Request,
  form: CallerForm,
  tokens: Tokens,
  publicKeys: readonly string[],
): Promise<Result<Caller, Problem>> {
  for (const header of tokens.headers) {
    const token = request.headers.get(header);
    if (token) {
      const subject = await tokens.verifyHeader(header, token);
      return subject.ok ? ok({ subject: subject.value }) : subject;
    }
  }
  const bearer = form.accessToken ?? bearerOf(request);
  // Supabase's clients send the public key as a bearer where no one is signed in.
  if (bearer !== undefined && !publicKeys.includes(bearer)) {
    const subject = await tokens.verify(bearer);
    return subject.ok ? ok({ subject: subject.value }) : subject;
  }
  const pass = form.pass ?? new URL(request.url).searchParams.get("pass") ?? undefined;
  const session = form.session ?? cookieOf(request, SESSION_COOKIE);
  const caller: Caller = {
    ...(pass !== undefined && isSecret(pass) ? { passHash: await hashSecret(pass) } : {}),
    ...(session !== undefined && isSecret(session)
      ? { sessionToken: session, sessionHash: await hashSecret(session) }
      : {}),
  };
  if (!caller.passHash && !caller.sessionHash) {
    return err({ name: "unauthenticated", reason: "no-credential" });
  }
  return ok(caller);
}

/**
 * The session of a page's own call: its bearer, or the `session` of a beacon, and never the cookie,
 * so no other site can act with it. Problem: `unauthenticated`.
 */
export async function sessionOf(
  request: Request,
  beacon?: string,
): Promise<Result<Caller & { readonly sessionHash: string }, Problem>> {
  const token = beacon ?? bearerOf(request);
  if (token === undefined || !isSecret(token)) {
    return err({ name: "unauthenticated", reason: "no-session" });
  }
  return ok({ sessionToken: token, sessionHash: await hashSecret(token) });
}

/** The token of `Authorization: Bearer` (RFC 6750, section 2.1). */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** A cookie of a request, by its name. */
export function cookieOf(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(/; */)) {
    if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1);
  }
  return undefined;
}
