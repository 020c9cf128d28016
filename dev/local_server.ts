/** An HTTP server on this machine. */
export interface LocalServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts one; port 0 takes any free port. Its URL is a loopback address.
 * @param hostname `0.0.0.0` also lets containers and other machines connect
 */
export function serveLocally(
  handler: Deno.ServeHandler<Deno.NetAddr>,
  port = 0,
  hostname: "127.0.0.1" | "0.0.0.0" = "127.0.0.1",
): LocalServer {
  const server = Deno.serve({ hostname, port, onListen: () => {} }, handler);
  return { url: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}
