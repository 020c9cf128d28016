import { forward } from "./forward.ts";
import { type LocalServer, serveLocally } from "./local_server.ts";

/** Where requests go. All URLs are without a trailing slash. */
export interface GatewayOptions {
  readonly port: number;
  /** Rewrites HTML as the hosted domain does (see `rewriteAsHosted`). */
  readonly hostedDomain: boolean;
  /** The embedded Supabase: `/rest/v1` and `/auth/v1`. */
  readonly supabase: () => string;
  /** Processes of the function, which take turns: `/functions/v1/*`. */
  readonly functions: () => readonly string[];
  readonly home: (request: Request) => Promise<Response>;
}

const FUNCTIONS = "/functions/v1";

/**
 * Stands for the gateway of a Supabase project: strips `/functions/v1` from a function's path as the
 * platform does, and passes the rest to the embedded Supabase.
 */
export function startGateway(options: GatewayOptions): LocalServer {
  let next = 0;
  return serveLocally(async (request) => {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith(`${FUNCTIONS}/`)) {
      const workers = options.functions();
      const worker = workers[next++ % workers.length];
      if (!worker) return new Response("The function is not up", { status: 503 });
      const target = `${worker}${pathname.slice(FUNCTIONS.length)}${search}`;
      const answer = await forward(request, target);
      return options.hostedDomain ? rewriteAsHosted(request, answer) : answer;
    }
    if (/^\/(rest|auth)\/v1\//.test(pathname)) {
      return await forward(request, `${options.supabase()}${pathname}${search}`);
    }
    return await options.home(request);
  }, options.port);
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
