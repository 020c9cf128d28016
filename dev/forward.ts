/**
 * Forwards a request unchanged, as a proxy does; 502 where nothing answers.
 * @param further headers beside the request's own
 */
export async function forward(
  request: Request,
  target: string,
  further: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.delete("host");
  // `fetch` would decompress the answer and keep its headers.
  headers.set("accept-encoding", "identity");
  for (const [name, value] of Object.entries(further)) headers.set(name, value);
  try {
    const { method, body } = request;
    const answer = await fetch(target, { method, headers, body, redirect: "manual" });
    return new Response(answer.body, answer);
  } catch {
    return new Response("Bad gateway", { status: 502 });
  }
}
