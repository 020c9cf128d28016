/** A visit to look at, and a small server that shows it with the headers it gets in earnest. */
export { until } from "../support/patience.ts";
import type { PageState } from "../../client/bridge/chime-page.d.ts";
import { direction, spoken } from "../../supabase/functions/chime-page/contract/languages.ts";
import {
  clientTexts,
  documentTexts,
  pageTexts,
} from "../../supabase/functions/chime-page/i18n/languages.ts";
import type {
  JoinInfo,
  Language,
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import {
  callFileNamed,
  callFileUrl,
} from "../../supabase/functions/chime-page/page/in_call_bundle.ts";
import {
  pageHashes,
  renderVisitPage,
  type VisitPageModel,
} from "../../supabase/functions/chime-page/page/visit_page.tsx";

/** A name that tries everything: markup, a script's end, line separators, direction marks, emoji. */
export const HOSTILE_NAME =
  "</script><img src=x onerror=alert(1)>\u2028\u202Eevil\u202C \u200Fעדי <!--<script> & \"q\" 'a' 👩🏽‍⚕️";

export const PROVIDER: Person = {
  id: "5c6f1f0e-0000-4000-8000-000000000001",
  name: "Dr. Amina Nkolo",
  role: "provider",
};
export const PATIENT: Person = {
  id: "5c6f1f0e-0000-4000-8000-000000000002",
  name: "Jean-Baptiste Essomba",
  role: "patient",
};

/** Every phase of a visit; one that is added does not compile until it stands here. */
export const STAGES = Object.keys(
  {
    "loading": 0,
    "lobby": 0,
    "waiting": 0,
    "connecting": 0,
    "in-call": 0,
    "reconnecting": 0,
    "on-hold": 0,
    "left": 0,
    "ended": 0,
    "joined-elsewhere": 0,
    "failed": 0,
  } satisfies Record<PageState, 0>,
) as PageState[];

/** Credentials of a meeting nobody serves: signalling goes to a port where nothing listens. */
export const DEAD_JOIN: JoinInfo = {
  meeting: {
    MeetingId: "00000000-0000-4000-8000-000000000000",
    MediaRegion: "eu-central-1",
    MediaPlacement: {
      AudioHostUrl: "127.0.0.1:9",
      AudioFallbackUrl: "ws://127.0.0.1:65534/fallback",
      SignalingUrl: "ws://127.0.0.1:65534/control",
    },
  },
  attendee: { ExternalUserId: PATIENT.id, AttendeeId: "a-patient", JoinToken: "abc123" },
};

/** The data of a patient's page; `changes` are laid over it. */
export function visitData(changes: Partial<VisitPageData> = {}): VisitPageData {
  const language: Language = changes.language ?? "en";
  return {
    version: 1,
    appointmentId: "0b7e9c1a-0000-4000-8000-000000000000",
    startsAt: "2026-11-23T13:30:00Z",
    endsAt: "2026-11-23T14:00:00Z",
    self: PATIENT,
    people: [PROVIDER, PATIENT],
    state: "open",
    join: DEAD_JOIN,
    api: { base: "http://127.0.0.1:9/chime-page/x", session: "s".repeat(43) },
    tab: "0a1b2c3d",
    sdk: { url: "http://127.0.0.1:9/sdk.js", integrity: "sha384-x", timeoutMs: 30_000 },
    hostOrigins: [],
    legacyEvents: false,
    lobby: false,
    language,
    texts: documentTexts(language),
    ...changes,
  };
}

/** The policy of the visit page, as strict as the function's own. */
export function visitPolicy(data: VisitPageData, connect: readonly string[] = []): string {
  const { scripts, styles } = pageHashes();
  const quoted = (hashes: readonly string[]) => hashes.map((hash) => `'${hash}'`).join(" ");
  const origin = new URL(data.api.base).origin;
  return [
    "default-src 'none'",
    `script-src ${quoted(scripts)} ${data.sdk.url} ` +
    `${data.sdk.fallbackUrl ?? ""} ` +
    callFileUrl(origin, data.language),
    `style-src ${quoted(styles)}`,
    ["connect-src", origin, "https://*.chime.aws", "wss://*.chime.aws", ...connect].join(" "),
    "img-src data:",
    "media-src blob: mediastream:",
    "worker-src blob:",
    "child-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** What the served visit does; all of it may be changed while the page runs. */
export interface VisitServer {
  /** Address of the page, with a pass in its query. */
  readonly url: string;
  readonly origin: string;
  /** Bodies of `POST …/events`, parsed. */
  readonly events: { name: string; data?: Record<string, unknown> }[];
  /** `METHOD /path` of each call but events. */
  readonly calls: string[];
  /** How often the call's own file was asked for. */
  files: number;
  /** How many more of those are answered with 404. */
  missing: number;
  status: "open" | "waiting";
  /** Ids of participants the status route names. */
  present: readonly string[];
  join: JoinInfo | { problem: string; status: number };
  close(): Promise<void>;
}

/** Serves one visit page with its policy as a header, and the routes its client calls. */
export function serveVisit(
  data: (origin: string) => VisitPageData,
  options: {
    readonly connect?: readonly string[];
    readonly model?: Partial<VisitPageModel>;
    readonly html?: (html: string) => string;
    /** What `/sdk.js` answers; `slow`: nothing, for ever, `missing`: 404. */
    readonly sdk?: string;
    /** Who may frame the page; nobody by default. */
    readonly ancestors?: string;
  } = {},
): VisitServer {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => undefined },
    (request) => answer(request),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const state: VisitServer = {
    url: `${origin}/visit?pass=secret-pass&lang=en`,
    origin,
    events: [],
    calls: [],
    files: 0,
    missing: 0,
    status: "waiting",
    present: [],
    join: DEAD_JOIN,
    close: () => server.shutdown(),
  };
  const page = (): Response => {
    const model = data(origin);
    const policy = visitPolicy(model, options.connect);
    const { html } = renderVisitPage({
      data: model,
      timeZone: "Africa/Douala",
      locale: null,
      cspMeta: policy,
      ...options.model,
    });
    return new Response(options.html?.(html) ?? html, {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": `${policy}; frame-ancestors ${options.ancestors ?? "'none'"}`,
        "cache-control": "no-store",
      },
    });
  };
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === "/visit") return page();
    if (pathname.endsWith("/events")) {
      state.events.push(...(await request.json()).events);
      return new Response(null, { status: 202 });
    }
    if (pathname === "/sdk.js") {
      if (options.sdk === "missing") return new Response(null, { status: 404 });
      const body = options.sdk === "slow" ? new ReadableStream() : options.sdk;
      return new Response(body, { headers: { "content-type": "text/javascript" } });
    }
    if (pathname.startsWith("/files/")) {
      state.files++;
      return new Response(callFileNamed(pathname.slice(7))?.text ?? "", {
        status: state.missing-- > 0 ? 404 : 200,
        headers: { "content-type": "text/javascript", "access-control-allow-origin": "*" },
      });
    }
    if (pathname.startsWith("/texts/")) {
      const language = spoken(pathname.slice(7)) ?? "en";
      return Response.json({
        language,
        direction: direction(language),
        texts: { ...pageTexts(language), ...clientTexts(language) },
      });
    }
    if (pathname === "/favicon.ico") return new Response(null, { status: 204 });
    state.calls.push(`${request.method} ${pathname}`);
    if (pathname.endsWith("/status")) {
      return Response.json({ state: state.status, present: state.present, pollSeconds: 1 });
    }
    if (pathname.endsWith("/join") && !("problem" in state.join)) return Response.json(state.join);
    const { problem, status } = "problem" in state.join
      ? state.join
      : { problem: "visit-not-found", status: 404 };
    const body = { type: `https://example.org/problems/${problem}`, title: problem, status };
    return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
  };
  return state;
}
