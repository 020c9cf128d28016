import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

const LARGEST_BODY = 1_048_576;

export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What is done about a request: a response, none at all, or a broken connection. */
export type Reply = Response | "hang" | "reset";

type Handler = (request: WireRequest) => Reply | Promise<Reply>;

/**
 * Serves HTTP; resolves once the port is open. The signalling server takes the upgrades from the
 * `Server` itself.
 */
export function serve(handler: Handler, port: number, hostname: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing, handler).catch(() => incoming.socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => resolve(server));
  });
}

export function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function handle(incoming: IncomingMessage, outgoing: ServerResponse, handler: Handler) {
  const body = await readAll(incoming);
  const [path = "/", query = ""] = (incoming.url ?? "/").split("?", 2);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]),
  );
  const reply = await handler({ method: incoming.method ?? "GET", path, query, headers, body });
  if (reply === "hang") return;
  if (reply === "reset") return incoming.socket.destroy();
  outgoing.writeHead(reply.status, Object.fromEntries(reply.headers));
  outgoing.end(await reply.bytes());
}

async function readAll(incoming: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of incoming as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > LARGEST_BODY) throw new RangeError("Cannot read a body this large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}
