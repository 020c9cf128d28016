import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A response on its way through the proxy; `body` replaces the whole body. */
export interface TamperedResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body?: string;
}

/** A proxy that forwards everything unchanged until a test tampers with it. */
export interface TamperingProxy {
  readonly url: string;
  /** Where it forwards requests. */
  target: string;
  /** Changes a response. */
  changeResponse:
    | ((
      response: TamperedResponse,
      request: { path: string; headers: IncomingHttpHeaders },
    ) => void)
    | null;
  /** Changes the headers of a request. */
  changeRequest: ((headers: IncomingHttpHeaders) => void) | null;
  /** Stops tampering. */
  heal(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port. */
export async function startTamperingProxy(): Promise<TamperingProxy> {
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers };
    proxy.changeRequest?.(headers);
    const onward = request(`${proxy.target}${incoming.url}`, { method: incoming.method, headers });
    onward.on("response", (response) => {
      const tampered: TamperedResponse = {
        status: response.statusCode ?? 502,
        headers: { ...response.headers },
      };
      proxy.changeResponse?.(tampered, { path: incoming.url ?? "", headers: incoming.headers });
      if (tampered.body !== undefined) delete tampered.headers["content-length"];
      outgoing.writeHead(tampered.status, tampered.headers);
      if (tampered.body === undefined) return void response.pipe(outgoing);
      response.resume();
      outgoing.end(tampered.body);
    });
    onward.on("error", () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: TamperingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: "",
    changeResponse: null,
    changeRequest: null,
    heal() {
      proxy.changeResponse = null;
      proxy.changeRequest = null;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
