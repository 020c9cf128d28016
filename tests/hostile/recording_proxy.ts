import { Wire } from "./wire.ts";

/** A call that goes through a proxy. */
export interface ProxiedCall {
  readonly method: string;
  /** Path without its query. */
  readonly path: string;
}

/** What a test does at a call, which waits for it. */
export interface ProxyHooks {
  /** Before a call is forwarded; a response returned here is the answer instead. */
  readonly before?: (call: ProxiedCall) => Promise<Response | undefined> | Response | undefined;
  /** When the call has taken effect, before its response is returned. */
  readonly after?: (call: ProxiedCall) => Promise<void> | void;
}

/** A proxy between the function and one of its upstreams. */
export interface RecordingProxy {
  /** The address that the function is given for its upstream. */
  readonly url: string;
  /** Every call so far. */
  readonly calls: readonly ProxiedCall[];
  /** Sets the upstream; the proxy starts before it does. */
  forwardTo(url: string): void;
  stop(): Promise<void>;
}

/** Not forwarded: they belong to one connection, or are written anew. */
const HOP_HEADERS = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

/** Starts a proxy that forwards every call with its own headers, which may be signed. */
export function startProxy(hooks: ProxyHooks): RecordingProxy {
  const calls: ProxiedCall[] = [];
  let port = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const call = { method: request.method, path: pathname };
      calls.push(call);
      const body = new Uint8Array(await request.arrayBuffer());
      const instead = await hooks.before?.(call);
      if (instead) return instead;
      const wire = new Wire(port);
      try {
        const answer = await wire.ask({
          method: request.method,
          target: pathname + search,
          headers: [...request.headers].filter(([name]) => !HOP_HEADERS.has(name)),
          ...(body.length > 0 ? { body } : {}),
        });
        await hooks.after?.(call);
        for (const name of HOP_HEADERS) answer.headers.delete(name);
        const { status, headers } = answer;
        return new Response(status === 204 || status === 304 ? null : answer.body, {
          status,
          headers,
        });
      } catch {
        return new Response(null, { status: 502 });
      } finally {
        wire.close();
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    calls,
    forwardTo: (url) => {
      port = Number(new URL(url).port);
    },
    stop: () => server.shutdown(),
  };
}
