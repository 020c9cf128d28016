/** A response that was read to its end; `ms` is the time from the request to the last byte. */
export type TimedResponse = Awaited<ReturnType<typeof request>>;

/** No response came; the message says why. */
export class NoResponse extends Error {}

/**
 * Sends one request and follows no redirect. Throws {@link NoResponse} where none comes in time; its
 * message holds no query, because a query may hold a pass.
 */
export async function request(url: string, init: RequestInit = {}, timeoutMs = 20_000) {
  const began = performance.now();
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { redirect: "manual", signal, ...init });
    const { status, headers } = response;
    const bytes = await response.bytes();
    const text = new TextDecoder().decode(bytes);
    return { status, headers, bytes, text, ms: performance.now() - began };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const isLate = name === "TimeoutError";
    throw new NoResponse(
      isLate ? `no answer within ${timeoutMs / 1000} s` : withoutQuery(message),
    );
  }
}

/** A text without the queries of the URLs in it. */
export function withoutQuery(text: string): string {
  return text.replace(/\?[^\s)"']*/g, "");
}
