import { Hono } from "hono";
import { cors } from "hono/cors";
import { forward } from "./forward.ts";
import { type LocalServer, serveLocally } from "./local_server.ts";

/** Where requests go. All URLs are without a trailing slash. */
export interface GatewayOptions {
  readonly port: number;
  /** Rewrites HTML as the hosted domain does (see `rewriteAsHosted`). */
  readonly hostedDomain: boolean;
  /** The embedded Supabase: `/rest/v1` and `/auth/v1`. Empty until it has started. */
  readonly supabase: () => string;
  /** Processes of the function, which take turns: `/functions/v1/*`. Empty until one has started. */
  readonly functions: () => readonly string[];
  /** Answers everything else; undefined until the system has started. */
  readonly home: (request: Request) => Promise<Response> | undefined;
}

const FUNCTIONS = "/functions/v1";

/**
 * Stands for the gateway of a Supabase project: strips `/functions/v1` from a function's path as the
 * platform does, and passes the rest to the embedded Supabase. Apps on other origins may call the
 * Data API and the Auth API from a browser, as on the platform; a function answers for itself.
 */
export function startGateway(options: GatewayOptions): LocalServer {
  let next = 0;
  const app = new Hono();
  app.all(`${FUNCTIONS}/*`, async (c) => {
    const { pathname, search } = new URL(c.req.url);
    const workers = options.functions();
    const worker = workers[next++ % workers.length];
    if (!worker) return starting();
    const target = `${worker}${pathname.slice(FUNCTIONS.length)}${search}`;
    const answer = await forward(c.req.raw, target);
    return options.hostedDomain ? rewriteAsHosted(c.req.raw, answer) : answer;
  });
  for (const api of ["/rest/v1/*", "/auth/v1/*"]) {
    app.use(api, cors({ origin: "*", exposeHeaders: ["content-range", "x-total-count"] }));
    app.all(api, (c) => {
      const { pathname, search } = new URL(c.req.url);
      const base = options.supabase();
      return base ? forward(c.req.raw, `${base}${pathname}${search}`) : starting();
    });
  }
  app.all("*", (c) => options.home(c.req.raw) ?? starting());
  return serveLocally((request) => app.fetch(request), options.port);
}

/** While the system starts: a page that asks again by itself. */
function starting(): Response {
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>chime-page is starting</title><p>chime-page is starting. This page reloads by itself.</p>`,
    {
      status: 503,
      headers: { "Content-Type": "text/html; charset=utf-8", "Retry-After": "1" },
    },
  );
}

/**
 * What `*.supabase.co` does to the HTML of a function: a GET's `text/html` becomes `text/plain`
 * under a policy that forbids everything. Custom domains and POSTs are not affected.
 */
export function rewriteAsHosted(request: Request, answer: Response): Response {
  const type = answer.headers.get("content-type") ?? "";
  if (request.method !== "GET" || !/^(text\/html|application\/xhtml\+xml|[a-z]+\/xml)/.test(type)) {
    return answer;
  }
  const headers = new Headers(answer.headers);
  headers.set("Content-Type", "text/plain");
  headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  headers.set("X-Content-Type-Options", "nosniff");
  return new Response(answer.body, { status: answer.status, headers });
}
