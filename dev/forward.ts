/**
 * Hands a request on as it is, as a proxy does; undefined where nothing answers.
 * @param further headers beside the request's own
 */
export async function forward(
  request: Request,
  target: string,
  further: Readonly<Record<string, string>> = {},
): Promise<Response | undefined> {
  const headers = new Headers(request.headers);
  headers.delete("host");
  // `fetch` would unpack the answer and keep its headers, so nothing packed is asked for.
  headers.set("accept-encoding", "identity");
  for (const [name, value] of Object.entries(further)) headers.set(name, value);
  try {
    const answer = await fetch(target, {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
    });
    return new Response(answer.body, answer);
  } catch {
    return undefined;
  }
}
