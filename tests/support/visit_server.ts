/** A server that shows one visit's page, with the headers that the function gives it. */
import { createHash } from "node:crypto";
import { direction, spoken } from "../../supabase/functions/chime-page/contract/languages.ts";
import { clientTexts, pageTexts } from "../../supabase/functions/chime-page/i18n/languages.ts";
import type {
  JoinInfo,
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { bundleNamed, bundleScripts } from "../../supabase/functions/chime-page/page/bundles.ts";
import {
  pageHashes,
  renderVisitPage,
} from "../../supabase/functions/chime-page/page/visit_page.tsx";
import { DEAD_JOIN, visitData } from "./visit_page.ts";

/** The policy of the visit page, as strict as the function's own. */
export function visitPolicy(data: VisitPageData, connect: readonly string[] = []): string {
  const { scripts, styles } = pageHashes();
  const quoted = (hashes: readonly string[]) => hashes.map((hash) => `'${hash}'`).join(" ");
  const origin = new URL(data.api.base).origin;
  return [
    "default-src 'none'",
    `script-src ${quoted(scripts)} ${data.sdk.url} ` +
    `${data.sdk.fallbackUrl ?? ""} ` +
    bundleScripts(origin, data.language).map(({ url }) => url).join(" "),
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

/** A visit that is served; what it answers may be changed while the page runs. */
export interface VisitServer {
  /** Address of the page, with a pass in its query. */
  readonly url: string;
  readonly origin: string;
  /** Bodies of `POST …/events`, parsed. */
  readonly events: { name: string; data?: Record<string, unknown> }[];
  /** `METHOD /path` of each call but events. */
  readonly calls: string[];
  /** How often a bundle was asked for. */
  files: number;
  /** How many more of those are answered with 404. */
  missing: number;
  /** What the rest of the document waits for, after its head. */
  rest: Promise<void> | null;
  status: "open" | "waiting";
  /** Ids of participants the status route names. */
  present: readonly string[];
  /** People whom the status route names because they are not listed. */
  people: readonly Person[];
  join: JoinInfo | { problem: string; status: number };
  close(): Promise<void>;
}

/** How a visit is served. */
export interface ServeOptions {
  /** Further addresses that the policy lets the page connect to. */
  readonly connect?: readonly string[];
  /** A script that runs before the page's own, in engines whose driver cannot add one. */
  readonly script?: string;
  /** Changes the document on its way. */
  readonly html?: (html: string) => string;
  /** What `/sdk.js` answers; `slow`: nothing, for ever, `missing`: 404. */
  readonly sdk?: string;
  /** Who may frame the page; nobody by default. */
  readonly ancestors?: string;
}

/** Serves one visit page with its policy as a header, and the routes its client calls. */
export function serveVisit(
  changes: Partial<VisitPageData> | ((origin: string) => Partial<VisitPageData>),
  options: ServeOptions = {},
): VisitServer {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => undefined },
    async (request): Promise<Response> => {
      const { pathname } = new URL(request.url);
      if (pathname === "/visit") return documentOf(data(), options, visit.rest);
      return serveFile(pathname, visit, options) ?? await answerClient(pathname, visit, request);
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const visit: VisitServer = {
    url: `${origin}/visit?pass=secret-pass&lang=en`,
    origin,
    events: [],
    calls: [],
    files: 0,
    missing: 0,
    rest: null,
    status: "waiting",
    present: [],
    people: [],
    join: DEAD_JOIN,
    close: () => server.shutdown(),
  };
  const data = (): VisitPageData =>
    visitData({
      api: { base: `${origin}/visit`, session: "s3cret" },
      ...(typeof changes === "function" ? changes(origin) : changes),
    });
  return visit;
}

function documentOf(
  data: VisitPageData,
  options: ServeOptions,
  rest: VisitServer["rest"],
): Response {
  const { script = "" } = options;
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = visitPolicy(data, options.connect)
    .replace("script-src", script ? `script-src 'sha256-${hash}'` : "script-src");
  const { html } = renderVisitPage({
    data,
    timeZone: "Africa/Douala",
    locale: null,
    cspMeta: policy,
  });
  const scripted = script ? html.replace("<title", `<script>${script}</script><title`) : html;
  const whole = options.html?.(scripted) ?? scripted;
  return new Response(rest === null ? whole : inTwoParts(whole, rest), {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `${policy}; frame-ancestors ${options.ancestors ?? "'none'"}`,
      "cache-control": "no-store",
    },
  });
}

/** The head, and the rest once `rest` has come. */
function inTwoParts(whole: string, rest: Promise<void>): ReadableStream {
  const at = whole.indexOf("</head>");
  return new ReadableStream<string>({
    async start(controller) {
      controller.enqueue(whole.slice(0, at));
      await rest;
      controller.enqueue(whole.slice(at));
      controller.close();
    },
  }).pipeThrough(new TextEncoderStream());
}

/** The SDK, the bundles and the texts; undefined for anything else. */
function serveFile(
  path: string,
  visit: VisitServer,
  { sdk }: ServeOptions,
): Response | undefined {
  if (path === "/sdk.js") {
    if (sdk === "missing") return new Response(null, { status: 404 });
    const body = sdk === "slow" ? new ReadableStream() : sdk;
    return new Response(body, { headers: { "content-type": "text/javascript" } });
  }
  if (path.startsWith("/files/")) {
    visit.files++;
    return new Response(bundleNamed(path.slice(7))?.text ?? "", {
      status: visit.missing-- > 0 ? 404 : 200,
      headers: { "content-type": "text/javascript", "access-control-allow-origin": "*" },
    });
  }
  if (path.startsWith("/texts/")) {
    const language = spoken(path.slice(7)) ?? "en";
    return Response.json({
      language,
      direction: direction(language),
      texts: { ...pageTexts(language), ...clientTexts(language) },
    });
  }
  if (path === "/favicon.ico") return new Response(null, { status: 204 });
}

/** The routes that the client calls by its session. */
async function answerClient(path: string, visit: VisitServer, request: Request): Promise<Response> {
  if (path.endsWith("/events")) {
    visit.events.push(...(await request.json()).events);
    return new Response(null, { status: 202 });
  }
  visit.calls.push(`${request.method} ${path}`);
  if (path.endsWith("/status")) {
    const { status: state, present, people } = visit;
    return Response.json({
      state,
      present,
      pollSeconds: 1,
      ...(people.length > 0 && { people }),
    });
  }
  if (path.endsWith("/join") && !("problem" in visit.join)) return Response.json(visit.join);
  const { problem, status } = "problem" in visit.join
    ? visit.join
    : { problem: "visit-not-found", status: 404 };
  const body = { type: `https://example.org/problems/${problem}`, title: problem, status };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}
