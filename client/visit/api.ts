/** The page's calls to its own server: one session, bounded in time, failures as values. */
import type {
  JoinInfo,
  Language,
  VisitPageData,
  VisitStatus,
} from "../../supabase/functions/chime-page/contract/page_data.ts";

/** Why a call gave nothing. `problem` is the problem's name, or `network` when nobody answered. */
export interface ApiFailure {
  readonly ok: false;
  readonly problem: string;
  /** Texts of the server for the reader, in the page's language; absent for `network`. */
  readonly title?: string;
  readonly nextStep?: string;
}

/** An answer, or the reason why there is none. */
export type ApiResult<T> = { readonly ok: true; readonly value: T } | ApiFailure;

/** The routes of one visit. */
export interface Api {
  /** Fresh credentials for the meeting that is live now. */
  join(): Promise<ApiResult<JoinInfo>>;
  /** Whether the visit is open for this person yet. */
  status(): Promise<ApiResult<VisitStatus>>;
  /** Ends the visit for everybody; for providers. */
  end(): Promise<ApiResult<null>>;
}

const DEADLINE_MS = 15_000;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Reads RFC 9457 problem details; anything else is a plain failure. */
export function readProblem(body: unknown): ApiFailure {
  if (typeof body !== "object" || body === null) return { ok: false, problem: "network" };
  const { type, title, nextStep, detail } = body as Record<string, unknown>;
  const problem = text(type)?.split(/[/#:]/).pop() ?? "network";
  const heading = text(title);
  const next = text(nextStep) ?? text(detail);
  return {
    ok: false,
    problem,
    ...(heading === undefined ? {} : { title: heading }),
    ...(next === undefined ? {} : { nextStep: next }),
  };
}

/** Whether every one of these properties is an object. */
const holds = (body: unknown, ...names: readonly string[]) =>
  names.every((name) => typeof (body as Record<string, unknown> | null)?.[name] === "object");
const isJoinInfo = (body: unknown): body is JoinInfo => holds(body, "meeting", "attendee");
const isStatus = (body: unknown): body is VisitStatus =>
  holds(body, "present") && Number((body as VisitStatus).pollSeconds) > 0;
const isNothing = (body: unknown): body is null => body === null;

/**
 * @param api where the routes of the visit are, and the session that may call them
 * @param language what the answers to the reader should be in
 */
export function createApi(api: VisitPageData["api"], language: () => Language): Api {
  async function call<T>(
    method: "GET" | "POST",
    route: string,
    isAnswer: (body: unknown) => body is T,
  ): Promise<ApiResult<T>> {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), DEADLINE_MS);
    try {
      const answer = await fetch(`${api.base}/${route}`, {
        method,
        // The session is enough, and works where cookies of frames are blocked.
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        signal: control.signal,
        headers: {
          Authorization: `Bearer ${api.session}`,
          Accept: "application/json, application/problem+json",
          "Accept-Language": language(),
        },
      });
      const body: unknown = answer.status === 204 ? null : await answer.json();
      if (!answer.ok) return readProblem(body);
      return isAnswer(body) ? { ok: true, value: body } : { ok: false, problem: "network" };
    } catch {
      return { ok: false, problem: "network" };
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    join: () => call("POST", "join", isJoinInfo),
    status: () => call("GET", "status", isStatus),
    end: () => call("POST", "end", isNothing),
  };
}
