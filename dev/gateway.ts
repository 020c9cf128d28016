import { forward } from "./forward.ts";

/** Where the gateway sends what it gets. All URLs without a slash at the end. */
export interface GatewayRoutes {
  /** The embedded Supabase: `/rest/v1` and `/auth/v1`. */
  readonly supabase: () => string;
  /** Workers of the function, used in turn: `/functions/v1/*`. */
  readonly functions: () => readonly string[];
  /** Answers everything else, e.g. the page that lists the demo people. */
  readonly home?: (request: Request) => Promise<Response> | Response;
}

/** A running gateway: the one origin of a Supabase project. */
export interface Gateway {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Options of {@link startGateway}. */
export interface GatewayOptions {
  readonly port: number;
  readonly routes: GatewayRoutes;
  /** Rewrites HTML as the hosted domain does (see `rewriteAsHosted`). */
  readonly hostedDomain: boolean;
}

const FUNCTIONS = "/functions/v1";

/**
 * Plays the gateway of a Supabase project: strips `/functions/v1` from a function's path as the
 * platform does, and hands the rest to the embedded Supabase.
 */
export function startGateway({ port, routes, hostedDomain }: GatewayOptions): Gateway {
  let turn = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen: () => {} },
    async (request) => {
      const url = new URL(request.url);
      if (url.pathname.startsWith(`${FUNCTIONS}/`)) {
        const workers = routes.functions();
        const worker = workers[turn++ % workers.length];
        if (!worker) return new Response("The function is not up", { status: 503 });
        const answer = await reach(
          request,
          `${worker}${url.pathname.slice(FUNCTIONS.length)}${url.search}`,
        );
        return hostedDomain ? rewriteAsHosted(request, answer) : answer;
      }
      if (/^\/(rest|auth)\/v1\//.test(url.pathname)) {
        return await reach(request, `${routes.supabase()}${url.pathname}${url.search}`);
      }
      return await routes.home?.(request) ?? new Response("Not found", { status: 404 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    port: server.addr.port,
    stop: () => server.shutdown(),
  };
}

async function reach(request: Request, target: string): Promise<Response> {
  return await forward(request, target) ?? new Response("Bad gateway", { status: 502 });
}

/**
 * What `*.supabase.co` does to the HTML of a function: a GET's `text/html` becomes `text/plain`
 * under a policy that forbids everything. Custom domains are spared, and so are POSTs.
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
