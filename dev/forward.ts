import { request as send } from "node:http";
import { Readable } from "node:stream";

/** Headers of one connection, which a proxy does not pass on (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * Forwards a request unchanged, as a proxy does; 502 where nothing answers. The response keeps its
 * encoding, which `fetch` would remove.
 * @param further headers beside the request's own
 */
export async function forward(
  request: Request,
  target: string,
  further: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const headers = Object.fromEntries(
    [...request.headers].filter(([name]) => name !== "host" && !HOP_BY_HOP.has(name)),
  );
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  const { promise, resolve } = Promise.withResolvers<Response>();
  const outgoing = send(target, {
    method: request.method,
    headers: { ...headers, ...further, ...(body ? { "content-length": body.length } : {}) },
  }, (answer) => {
    const status = answer.statusCode ?? 502;
    const received = new Headers();
    for (let at = 0; at < answer.rawHeaders.length; at += 2) {
      const [name = "", value = ""] = answer.rawHeaders.slice(at, at + 2);
      if (!HOP_BY_HOP.has(name.toLowerCase())) received.append(name, value);
    }
    const empty = request.method === "HEAD" || [204, 304].includes(status);
    if (empty) answer.resume();
    const stream = empty ? null : Readable.toWeb(answer) as ReadableStream<Uint8Array>;
    resolve(new Response(stream, { status, headers: received }));
  });
  outgoing.on("error", () => resolve(new Response("Bad gateway", { status: 502 })));
  outgoing.end(body);
  return await promise;
}
