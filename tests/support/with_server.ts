/** Runs a server on loopback for a test. */
export async function withServer(
  handler: (request: Request) => Response | Promise<Response>,
  run: (port: number) => Promise<void>,
) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  try {
    await run(server.addr.port);
  } finally {
    await server.shutdown();
  }
}
