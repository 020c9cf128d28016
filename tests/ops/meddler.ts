import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What a meddler makes of an answer; `body` replaces the whole of it. */
export interface Meddled {
  status: number;
  headers: IncomingHttpHeaders;
  body?: string;
}

/** Something in the middle that hands everything on byte by byte, until it is told to meddle. */
export interface Meddler {
  readonly url: string;
  /** Where it hands requests on. */
  target: string;
  /** Changes an answer. */
  answer:
    | ((answer: Meddled, request: { path: string; headers: IncomingHttpHeaders }) => void)
    | null;
  /** Changes a request's headers. */
  ask: ((headers: IncomingHttpHeaders) => void) | null;
  heal(): void;
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startMeddler(): Promise<Meddler> {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers };
    meddler.ask?.(headers);
    const onward = request(`${meddler.target}${incoming.url}`, {
      method: incoming.method,
      headers,
    });
    onward.on("response", (answer) => {
      const meddled: Meddled = { status: answer.statusCode ?? 502, headers: { ...answer.headers } };
      meddler.answer?.(meddled, { path: incoming.url ?? "", headers: incoming.headers });
      if (meddled.body !== undefined) delete meddled.headers["content-length"];
      outgoing.writeHead(meddled.status, meddled.headers);
      if (meddled.body === undefined) return void answer.pipe(outgoing);
      answer.resume();
      outgoing.end(meddled.body);
    });
    onward.on("error", () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const meddler: Meddler = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: "",
    answer: null,
    ask: null,
    heal() {
      meddler.answer = null;
      meddler.ask = null;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return meddler;
}
