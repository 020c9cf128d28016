import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { WireAnswer, WireRequest } from "./control/wire.ts";

const LARGEST_BODY = 1_048_576;

/** Answers one request; the signalling server takes the upgrades from the `Server` itself. */
export type Answer = (request: WireRequest) => Promise<WireAnswer>;

/** Serves HTTP; resolves once the port is open. */
export function serve(answer: Answer, port: number, hostname: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing, answer).catch(() => incoming.socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => resolve(server));
  });
}

/** Closes the port and every connection on it. */
export function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: Answer,
): Promise<void> {
  const body = await readAll(incoming);
  const [path = "/", query = ""] = (incoming.url ?? "/").split("?", 2);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]),
  );
  const given = await answer({ method: incoming.method ?? "GET", path, query, headers, body });
  if (given.kind === "hang") return;
  if (given.kind === "reset") {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(given.status, given.headers);
  outgoing.end(given.body);
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
