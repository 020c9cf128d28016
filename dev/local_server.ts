/** An HTTP server on the loopback address. */
export interface LocalServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one; port 0 takes any free port. */
export function serveLocally(
  handler: Deno.ServeHandler<Deno.NetAddr>,
  port = 0,
): LocalServer {
  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, handler);
  return { url: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}
