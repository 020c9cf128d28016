/** Requests to the page's own server. They have a timeout and return failures as values. */
import type {
  JoinInfo,
  Language,
  VisitPageData,
  VisitStatus,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Store } from "./store.ts";

/** A failed request. `problem` is its name, or `network` without a valid response. */
export interface ApiFailure {
  readonly ok: false;
  readonly problem: string;
  /** The server's texts for the person, in the page's language; absent for `network`. */
  readonly title?: string;
  readonly nextStep?: string;
}

export type ApiResult<T> = { readonly ok: true; readonly value: T } | ApiFailure;

/** Requests for one visit. */
export interface Api {
  /** Requests new credentials for the current meeting. */
  join(): Promise<ApiResult<JoinInfo>>;
  /** Requests whether the visit is open for this person, and says that they are here. */
  status(): Promise<ApiResult<VisitStatus>>;
  /** Ends the visit for everyone. Only for providers. */
  end(): Promise<ApiResult<null>>;
}

const TIMEOUT_MS = 15_000;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Reads RFC 9457 problem details; anything else becomes the problem `network`. */
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

/** Whether each of these properties is an object. */
const hasObjects = (body: unknown, ...names: readonly string[]) =>
  names.every((name) => typeof (body as Record<string, unknown> | null)?.[name] === "object");
const isJoinInfo = (body: unknown): body is JoinInfo => hasObjects(body, "meeting", "attendee");
const isStatus = (body: unknown): body is VisitStatus =>
  hasObjects(body, "present") && Number((body as VisitStatus).pollSeconds) > 0;
const isNothing = (body: unknown): body is null => body === null;

/**
 * @param api base URL of the visit's routes, and the session that authorizes requests
 * @param language returns the language for the server's texts
 * @param store receives who is here
 */
export function createApi(
  api: VisitPageData["api"],
  language: () => Language,
  store?: Store,
): Api {
  async function call<T>(
    method: "GET" | "POST",
    route: string,
    isAnswer: (body: unknown) => body is T,
  ): Promise<ApiResult<T>> {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), TIMEOUT_MS);
    try {
      const answer = await fetch(`${api.base}/${route}`, {
        method,
        // The session in the header also works where third-party cookies are blocked.
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
    async status() {
      const answer = await call("GET", `status${store?.now.here ?? ""}`, isStatus);
      if (answer.ok) store?.set({ status: answer.value });
      return answer;
    },
    end: () => call("POST", "end", isNothing),
  };
}
