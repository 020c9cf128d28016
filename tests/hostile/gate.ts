import { Wire } from "./wire.ts";

/** A call that goes through a gate. */
export interface GateCall {
  readonly method: string;
  /** Path without its query. */
  readonly path: string;
}

/** What happens at a gate. Both may take their time, and the call waits for it. */
export interface GateWatch {
  /** Before a call goes on; an answer given here keeps it from going on. */
  readonly before?: (call: GateCall) => Promise<Response | undefined> | Response | undefined;
  /** When the call has taken effect, before its answer goes back. */
  readonly after?: (call: GateCall) => Promise<void> | void;
}

/** A gate between the function and one of its upstreams. */
export interface Gate {
  /** Where the function is to look for its upstream. */
  readonly url: string;
  /** Every call so far. */
  readonly calls: readonly GateCall[];
  /** Sets where calls go on to; the gate is up before the upstream is. */
  leadTo(url: string): void;
  stop(): Promise<void>;
}

/** Not handed on: they belong to one connection, or are written anew. */
const HOP_HEADERS = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

/** Starts a gate that hands every call on with the headers it came with, for they may be signed. */
export function startGate(watch: GateWatch): Gate {
  const calls: GateCall[] = [];
  let port = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const call = { method: request.method, path: pathname };
      calls.push(call);
      const body = new Uint8Array(await request.arrayBuffer());
      const instead = await watch.before?.(call);
      if (instead) return instead;
      const wire = new Wire(port);
      try {
        const answer = await wire.ask({
          method: request.method,
          target: pathname + search,
          headers: [...request.headers].filter(([name]) => !HOP_HEADERS.has(name)),
          ...(body.length > 0 ? { body } : {}),
        });
        await watch.after?.(call);
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
    leadTo: (url) => {
      port = Number(new URL(url).port);
    },
    stop: () => server.shutdown(),
  };
}
