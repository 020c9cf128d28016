/** Runs a server on loopback during `run`, which gets its port. */
export async function withServer<T>(
  handler: (request: Request) => Response | Promise<Response>,
  run: (port: number) => Promise<T>,
): Promise<T> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  try {
    return await run(server.addr.port);
  } finally {
    await server.shutdown();
  }
}
